/// The parts of the report's page that are the same for every session.
enum Page {
  static let template = """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>{{TITLE}}</title><style>{{STYLE}}</style></head>
    <body><main>
    <header><h1 id="title"></h1><p id="sub"></p></header>
    <section id="tiles"></section>
    <section class="two"><div><h2>Scorecard</h2><div id="score"></div></div>
    <div><h2>Incidents</h2><div id="incidents"></div></div></section>
    <section class="two"><div><h2>Checks</h2><table id="checks"></table></div>
    <div><h2>What to look at</h2><ol id="advice"></ol><h2>Time by routine</h2><div id="split"></div></div></section>
    <section><h2>Timeline</h2><canvas id="timeline" height="190"></canvas>
    <input id="scrub" type="range" min="0" max="1000" value="0" aria-label="moment of the session">
    <p id="moment"></p></section>
    <section class="two"><div><h2>Map <select id="zone" aria-label="zone"></select></h2>
    <canvas id="map" height="460"></canvas><div id="legend"></div></div>
    <div><h2>Events around the moment</h2><table id="events"></table></div></section>
    <section class="two"><div><h2>Time of a tick</h2><canvas id="busy" height="160"></canvas></div>
    <div><h2>Lateness of a tick</h2><canvas id="late" height="160"></canvas></div></section>
    <section><h2>Rounds: seconds from one search to the next</h2><canvas id="cycles" height="170"></canvas></section>
    <section><h2>Defeats and deaths over time</h2><canvas id="progress" height="180"></canvas></section>
    </main><script type="application/json" id="data">{{DATA}}</script><script>{{SCRIPT}}</script></body></html>
    """

  static let style = """
    :root{--ink:#1d2430;--soft:#5d6878;--line:#dde2ea;--paper:#fff;--ground:#f4f6f9}
    *{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
    main{max-width:1180px;margin:0 auto;padding:24px 20px 60px}h1{font-size:24px;margin:0}h2{font-size:15px;margin:0 0 8px}
    header p{color:var(--soft);margin:4px 0 0}section{background:var(--paper);border:1px solid var(--line);
    border-radius:8px;padding:16px;margin-top:16px}.two{display:grid;grid-template-columns:1fr 1fr;gap:24px}
    .two>div{min-width:0}#tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(110px,1fr));gap:8px}
    .tile b{display:block;font-size:22px;font-variant-numeric:tabular-nums}.tile span{color:var(--soft);font-size:13px}
    table{border-collapse:collapse;width:100%;font-size:14px}td{padding:3px 8px 3px 0;vertical-align:top;
    border-top:1px solid var(--line)}tr:first-child td{border-top:0}.v{font-weight:600;white-space:nowrap}
    .good{color:#1a7f45}.warn{color:#a86400}.fail{color:#c02626}.unknown,.na{color:var(--soft)}
    canvas{width:100%;display:block}input[type=range]{width:100%;margin:6px 0 0}#moment,#legend{color:var(--soft);
    margin:6px 0 0;font-size:14px;font-variant-numeric:tabular-nums}ol{margin:0 0 16px;padding-left:20px}
    .bar{display:flex;align-items:center;gap:8px;font-size:14px;margin:3px 0}.bar i{height:12px;border-radius:3px;
    display:block}.bar span{width:130px;flex:none}.bar em{color:var(--soft);font-style:normal}
    .story{margin:0 0 8px;font-size:14px;cursor:pointer}.story b{margin-right:6px}.key{display:inline-block;width:10px;height:10px;border-radius:5px;
    margin:0 4px 0 10px}#legend p{margin:2px 0 0}#events tr.now td{background:#eef4ff}select{font:inherit;padding:1px 4px}
    @media(max-width:800px){.two{grid-template-columns:1fr}}
    """
}
