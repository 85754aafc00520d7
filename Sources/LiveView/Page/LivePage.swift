/// The page: one file that loads nothing from anywhere but the daemon's own values.
enum LivePage {
  static let bytes = Array(
    template.replacing("{{STYLE}}", with: style).replacing("{{SCRIPT}}", with: script + mapScript).utf8)

  private static let template = #"""
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>Compass</title><link rel="icon" href="data:,"><style>{{STYLE}}</style></head>
    <body><main>
    <header><span id="stand" class="pill">…</span><h1>Compass</h1><p id="where"></p><p id="clock"></p></header>
    <section id="now"><p id="intent" aria-live="polite">Waiting for the daemon's first words …</p>
    <div id="gauges"></div><p id="facts"></p></section>
    <div class="columns"><div>
    <section><h2>Map <span id="zone"></span></h2><canvas id="map" width="560" height="560"></canvas>
    <p id="legend"></p></section>
    <section><h2>Plan <span id="goal"></span></h2><ol id="plan"></ol></section>
    <section><h2>What happened</h2><table id="events"></table></section>
    </div><div>
    <section><h2>Rules <span id="layer"></span></h2><table id="rules"></table></section>
    <section><h2>Candidates</h2><table id="candidates"></table></section>
    <section><h2>In sight <span id="count"></span></h2><table id="spawns"></table></section>
    </div></div>
    <section id="figures"></section>
    </main><script>{{SCRIPT}}</script></body></html>
    """#

  private static let style = #"""
    :root{--ink:#1b2330;--soft:#5f6b7c;--line:#dfe4ec;--paper:#fff;--ground:#f3f5f9;--accent:#2456c9;--good:#1a7f45;
    --warn:#a86400;--bad:#c02626;--rock:#c9cfd8;--water:#b9d4f0;--lowland:#e6efe0;--highland:#f7f3e6}
    @media(prefers-color-scheme:dark){:root{--ink:#e3e8f0;--soft:#93a0b3;--line:#2c3542;--paper:#171d26;--ground:#0f141b;
    --accent:#7aa5ff;--good:#4cc27f;--warn:#e0a13c;--bad:#ff7a70;--rock:#2a313c;--water:#1d3a5c;--lowland:#1d2a22;
    --highland:#333022}}
    *{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);
    font:14px/1.45 system-ui,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
    main{max-width:1240px;margin:0 auto;padding:18px 18px 48px}
    header{display:flex;align-items:baseline;gap:12px;flex-wrap:wrap}h1{font-size:20px;margin:0}
    header p{margin:0;color:var(--soft)}#clock{margin-left:auto}
    .pill{border-radius:99px;padding:2px 12px;font-weight:600;background:var(--line)}
    .pill.armed{background:var(--good);color:var(--paper)}.pill.holding,.pill.observing{background:var(--warn);
    color:var(--paper)}.pill.gone,.pill.disarmed,.pill.hangs{background:var(--bad);color:var(--paper)}
    section{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:14px 16px;margin-top:14px}
    h2{font-size:14px;margin:0 0 8px}h2 span{font-weight:400;color:var(--soft)}
    #intent{font-size:20px;line-height:1.35;margin:0 0 12px}
    #gauges{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px}
    .gauge b{float:right;font-weight:600}.gauge i{display:block;height:8px;border-radius:4px;background:var(--line);
    margin-top:4px;overflow:hidden}.gauge i u{display:block;height:100%;background:var(--accent);border-radius:4px}
    .gauge.low i u{background:var(--bad)}#facts,#legend{color:var(--soft);margin:10px 0 0}
    .columns{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:14px}
    @media(max-width:900px){.columns{grid-template-columns:1fr}}
    table{border-collapse:collapse;width:100%}td,th{padding:2px 8px 2px 0;text-align:left;vertical-align:top;
    font-weight:400;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}table{table-layout:auto}
    tr+tr td{border-top:1px solid var(--line)}td.n{text-align:right}td.wide{white-space:normal;width:99%}
    tr.off td{color:var(--soft)}tr.chosen td{background:color-mix(in srgb,var(--accent) 14%,transparent);
    font-weight:600}.emergency{color:var(--bad)}.defence{color:var(--warn)}.willing{color:var(--good)}
    ol{margin:0;padding-left:22px}ol li{margin:2px 0}li.done{color:var(--soft);text-decoration:line-through}
    li.runs,li.next{font-weight:600}li small{font-weight:400;color:var(--soft)}
    canvas{width:100%;height:auto;display:block;border-radius:6px;background:var(--rock)}
    .key{display:inline-block;width:9px;height:9px;border-radius:5px;margin:0 4px 0 10px}.key:first-child{margin-left:0}
    #figures{display:flex;flex-wrap:wrap;gap:6px 22px;color:var(--soft)}#figures b{color:var(--ink)}
    """#
}
