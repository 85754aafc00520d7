extension Page {
  /// Draws the page from its data. Text goes in through `textContent` only.
  static let script = #"""
    "use strict";
    const D=JSON.parse(document.getElementById("data").textContent);
    const $=id=>document.getElementById(id);
    const hues=["#9aa4b2","#2f6fde","#d9822b","#1f9d6b","#b04fc6","#c0392b","#2aa7b8","#8a6d3b","#e06fa0","#5b6bd6",
      "#7a9a1f","#a05a2c","#4c8c8c","#cf4f4f","#6f5fa8","#3f8f3f","#c79a1b","#4f7fa8","#935a7a","#555"];
    const hue=i=>hues[i%hues.length];
    const put=(parent,tag,text,cls)=>{const e=document.createElement(tag);if(text!==undefined)e.textContent=text;
      if(cls)e.className=cls;parent.appendChild(e);return e};
    const time=s=>{s=Math.max(0,Math.round(s));const h=Math.floor(s/3600),m=Math.floor(s/60)%60;
      return (h?h+":"+String(m).padStart(2,"0"):m)+":"+String(s%60).padStart(2,"0")};
    $("title").textContent=D.title;$("sub").textContent=D.sub;
    for(const [name,value] of D.tiles){const t=put($("tiles"),"div",undefined,"tile");put(t,"b",value);put(t,"span",name)}
    for(const c of D.checks){const r=put($("checks"),"tr");put(r,"td",c.verdict,"v "+c.verdict.replace("/",""));
      put(r,"td",c.name);put(r,"td",c.text);
      if(c.tick!==undefined){r.style.cursor="pointer";r.onclick=()=>goTick(c.tick)}}
    for(const a of D.advice)put($("advice"),"li",a);
    if(!D.advice.length)put($("advice"),"li","Nothing stands out.");
    for(const [name,part] of D.split){const b=put($("split"),"div",undefined,"bar");put(b,"span",name);
      const i=put(b,"i");i.style.width=Math.max(2,part*60)+"%";i.style.background=hue(D.routines.indexOf(name));
      put(b,"em",(part*100).toFixed(1)+" %")}
    $("score").textContent="";put($("score"),"div","grade "+D.score.grade,"v");
    for(const [name,mark,why] of D.score.marks){const b=put($("score"),"div",undefined,"bar");put(b,"span",name);
      const i=put(b,"i");i.style.width=Math.max(2,(mark??0)*1.2)+"px";
      i.style.background=mark===null?"#9aa4b2":mark>=80?"#1f9d6b":mark>=60?"#c79a1b":"#c0392b";
      put(b,"em",(mark===null?"?":Math.round(mark))+"  "+why)}
    for(const c of D.incidents){const p=put($("incidents"),"p",undefined,"story");put(p,"b",c.kind+" #"+c.tick);
      put(p,"span",c.links.join(" \u2192 "));p.onclick=()=>goTick(c.tick)}
    if(!D.incidents.length)put($("incidents"),"p","None recorded.");
    const canvas=id=>{const c=$(id),w=c.clientWidth||600,h=+c.getAttribute("height"),r=window.devicePixelRatio||1;
      c.width=w*r;c.height=h*r;c.style.height=h+"px";const g=c.getContext("2d");g.scale(r,r);
      g.font="12px system-ui,sans-serif";return [g,w,h]};
    const S=D.samples,T=Math.max(1,S.length?S[S.length-1][1]:1);
    let now=0,zone=null;
    const zones=[...new Set(S.map(s=>s[4]))].filter(z=>z>=0);
    for(const z of zones){const named=D.grounds.find(g=>g.zone===z);
      const o=put($("zone"),"option",named?named.name:"zone "+z);o.value=z}
    zone=zones.length?zones[0]:-1;
    const busiest=zones.map(z=>[S.filter(s=>s[4]===z).length,z]).sort((a,b)=>b[0]-a[0])[0];
    if(busiest){zone=busiest[1];$("zone").value=zone}
    function timeline(){const [g,w,h]=canvas("timeline"),x=t=>t/T*w;
      for(const [a,b,r] of D.stretches){g.fillStyle=hue(r);g.fillRect(x(a),0,Math.max(.6,x(b)-x(a)),22)}
      const plot=(k,c)=>{g.strokeStyle=c;g.lineWidth=1.3;g.beginPath();let pen=false;
        for(const s of S){if(s[k]<0){pen=false;continue}const px=x(s[1]),py=34+(1-s[k])*110;
          pen?g.lineTo(px,py):g.moveTo(px,py);pen=true}g.stroke()};
      g.strokeStyle="#e3e7ee";for(const f of [0,.5,1]){const y=34+(1-f)*110;g.beginPath();g.moveTo(0,y);g.lineTo(w,y);g.stroke()}
      plot(6,"#3b82d0");plot(5,"#c0392b");g.fillStyle="rgba(255,255,255,.85)";g.fillRect(0,35,122,15);
      g.fillStyle="#5d6878";
      g.fillText("health",4,46);g.fillStyle="#c0392b";g.fillRect(44,39,14,3);g.fillStyle="#5d6878";g.fillText("mana",66,46);
      g.fillStyle="#3b82d0";g.fillRect(100,39,14,3);
      for(const e of D.events){const m=mark(e);if(!m)continue;g.fillStyle=m[0];g.beginPath();
        g.arc(x(e.t),158,3.2,0,7);g.fill()}
      g.fillStyle="#5d6878";const step=[10,30,60,300,600,1800,3600,7200].find(s=>T/s<12)||14400;
      for(let t=0;t<=T;t+=step)g.fillText(time(t),x(t)+2,184);
      g.strokeStyle="#1d2430";g.lineWidth=1;g.beginPath();g.moveTo(x(now),0);g.lineTo(x(now),168);g.stroke()}
    function mark(e){switch(e.key){
      case "encounter.end":return e.outcome==="defeated"?["#1f9d6b","defeat"]:["#d9822b","lost fight"];
      case "player.death":return ["#c0392b","death"];case "stuck":return ["#8a6d3b","stuck"];
      case "flee.trigger":return ["#b04fc6","flee"];case "loot":return ["#2aa7b8","loot"];
      case "anomaly":return ["#7a5cc0","anomaly"];
      case "fault":case "invariant.breach":return ["#000","fault"];default:return null}}
    const tints=[[250,250,251],[205,226,242],[245,200,188],[226,237,214],[226,212,190]];
    const images=new Map();
    function groundOf(zone){
      if(!images.has(zone)){const m=D.grounds.find(g=>g.zone===zone&&g.shades);let image=null;
        if(m){image=document.createElement("canvas");image.width=m.columns;image.height=m.rows;
          const paint=image.getContext("2d"),data=paint.createImageData(m.columns,m.rows);
          for(let r=0;r<m.rows;r++)for(let c=0;c<m.columns;c++){
            const shade=m.shades.charCodeAt(r*m.columns+c)-97,at=((m.rows-1-r)*m.columns+c)*4,t=(shade-1)/8;
            for(let k=0;k<3;k++)data.data[at+k]=shade===0?tints[0][k]:shade===10?tints[1][k]:shade===11?tints[2][k]:
              tints[3][k]+(tints[4][k]-tints[3][k])*t;
            data.data[at+3]=255}
          paint.putImageData(data,0,0)}
        images.set(zone,image&&{m,image})}
      return images.get(zone)}
    function map(){const [g,w,h]=canvas("map"),P=S.filter(s=>s[4]===zone&&s[2]!==null);
      if(!P.length){g.fillStyle="#5d6878";g.fillText("no positions",10,20);return}
      const xs=P.map(p=>p[2]),ys=P.map(p=>p[3]);let x0=Math.min(...xs),x1=Math.max(...xs),y0=Math.min(...ys),y1=Math.max(...ys);
      const size=Math.max(x1-x0,y1-y0,40)*1.08,cx=(x0+x1)/2,cy=(y0+y1)/2,k=Math.min(w,h)/size;
      const X=x=>w/2+(x-cx)*k,Y=y=>h/2-(y-cy)*k;
      const ground=groundOf(zone);if(ground){const {m,image}=ground;
        g.drawImage(image,X(m.x),Y(m.y+m.rows*m.cell),m.columns*m.cell*k,m.rows*m.cell*k)}
      const step=[5,10,20,50,100,200,500,1000,2000].find(s=>size/s<9)||5000;
      g.strokeStyle=ground?"rgba(29,36,48,.07)":"#eef1f5";g.fillStyle="#7a8494";g.lineWidth=1;
      for(let v=Math.ceil((cx-w/2/k)/step)*step;X(v)<w;v+=step){g.beginPath();g.moveTo(X(v),0);g.lineTo(X(v),h);g.stroke();g.fillText(v,X(v)+2,h-3)}
      for(let v=Math.ceil((cy-h/2/k)/step)*step;Y(v)>0;v+=step){g.beginPath();g.moveTo(0,Y(v));g.lineTo(w,Y(v));g.stroke();g.fillText(v,2,Y(v)-2)}
      const heat=new Map(),cell=size/40;for(const p of P){const key=Math.floor(p[2]/cell)+","+Math.floor(p[3]/cell);heat.set(key,(heat.get(key)||0)+1)}
      const top=Math.max(...heat.values());
      for(const [key,n] of heat){const [i,j]=key.split(",").map(Number);g.fillStyle="rgba(217,130,43,"+(.28*Math.sqrt(n/top)).toFixed(3)+")";
        g.fillRect(X(i*cell),Y((j+1)*cell),cell*k+.5,cell*k+.5)}
      g.lineWidth=1.2;for(let i=1;i<P.length;i++){const a=P[i-1],b=P[i];if(Math.hypot(a[2]-b[2],a[3]-b[3])>size/6)continue;
        g.strokeStyle=hue(b[7]);g.beginPath();g.moveTo(X(a[2]),Y(a[3]));g.lineTo(X(b[2]),Y(b[3]));g.stroke()}
      const seen=new Map();
      for(const e of D.events){const m=mark(e);if(!m||!e.at)continue;if(nearest(e.t)[4]!==zone)continue;seen.set(m[1],m[0]);
        g.fillStyle=m[0];g.strokeStyle="#fff";g.beginPath();g.arc(X(e.at[0]),Y(e.at[1]),4.2,0,7);g.fill();g.stroke()}
      const s=nearest(now);if(s&&s[4]===zone&&s[2]!==null){g.strokeStyle="#1d2430";g.lineWidth=2;g.beginPath();g.arc(X(s[2]),Y(s[3]),8,0,7);g.stroke()}
      const l=$("legend");l.textContent="";for(const [name,c] of seen){const i=put(l,"i",undefined,"key");i.style.background=c;put(l,"span",name)}
      put(l,"p","Track coloured by routine; orange shading is time spent.")}
    function nearest(t){let a=0,b=S.length-1;if(b<0)return null;while(a<b){const m=(a+b)>>1;S[m][1]<t?a=m+1:b=m}
      return a>0&&t-S[a-1][1]<S[a][1]-t?S[a-1]:S[a]}
    function moment(){const s=nearest(now);if(!s)return;
      const pc=v=>v<0?"unknown":(v*100).toFixed(0)+" %";
      $("moment").textContent=time(s[1])+"  tick "+s[0]+"  "+D.routines[s[7]]+"  health "+pc(s[5])+"  mana "+pc(s[6])+
        (s[2]===null?"":"  at ("+s[2].toFixed(1)+", "+s[3].toFixed(1)+")");
      const table=$("events");table.textContent="";
      let i=D.events.findIndex(e=>e.t>=now);if(i<0)i=D.events.length;
      for(const e of D.events.slice(Math.max(0,i-8),i+9)){const r=put(table,"tr",undefined,Math.abs(e.t-now)<2?"now":"");
        put(r,"td",time(e.t));put(r,"td",e.key,"v");put(r,"td",e.text);r.style.cursor="pointer";r.onclick=()=>go(e.t)}}
    function bars(id,data,color){const [g,w,h]=canvas(id),n=data.counts.length,top=Math.max(1,...data.counts.map(c=>Math.log1p(c)));
      data.counts.forEach((c,i)=>{const y=Math.log1p(c)/top*(h-30);g.fillStyle=color;g.fillRect(i*w/n,h-20-y,w/n-1,y)});
      g.fillStyle="#5d6878";g.fillText("0",0,h-5);g.fillText((data.step*(n-1)/2000).toFixed(2)+" ms",w/2-20,h-5);
      const last="over "+(data.step*(n-1)/1000).toFixed(2)+" ms";g.fillText(last,w-g.measureText(last).width,h-5);
      g.fillText("logarithmic count",4,12)}
    const partHues=["#2aa7b8","#2f6fde","#d9822b","#8a6d3b","#1f9d6b","#9aa4b2"];
    function cycles(){const [g,w,h]=canvas("cycles"),C=D.cycles;
      if(!C.length){g.fillStyle="#5d6878";g.fillText("no round was completed",10,20);return}
      const top=Math.max(...C.map(c=>c[1])),step=w/C.length;
      C.forEach((c,i)=>{let y=h-16;D.parts.forEach((p,k)=>{const z=c[3+k]/top*(h-40);g.fillStyle=partHues[k];
        g.fillRect(i*step,y-z,Math.max(1,step-1),z);y-=z})});
      let x=4;D.parts.forEach((p,k)=>{g.fillStyle=partHues[k];g.fillRect(x,4,10,10);g.fillStyle="#5d6878";g.fillText(p,x+14,13);
        x+=30+g.measureText(p).width});
      g.fillText("highest "+top.toFixed(0)+" s, "+C.length+" rounds in order",4,h-3)}
    $("cycles").onclick=e=>{const c=D.cycles[Math.floor(e.offsetX/e.target.clientWidth*D.cycles.length)];if(c)go(c[0])};
    function progress(){const [g,w,h]=canvas("progress");
      const series=[["defeats","#1f9d6b",e=>e.key==="encounter.end"&&e.outcome==="defeated"],["deaths","#c0392b",e=>e.key==="player.death"]];
      const max=Math.max(1,...series.map(s=>D.events.filter(s[2]).length));let label=4;
      for(const [name,color,is] of series){let n=0;g.strokeStyle=color;g.lineWidth=1.6;g.beginPath();g.moveTo(0,h-20);
        for(const e of D.events)if(is(e)){const x=e.t/T*w;g.lineTo(x,h-20-n/max*(h-34));n++;g.lineTo(x,h-20-n/max*(h-34))}
        g.lineTo(w,h-20-n/max*(h-34));g.stroke();g.fillStyle=color;g.fillText(name+" "+n,label,12);label+=90}
      g.fillStyle="#5d6878";g.fillText("0:00",0,h-5);const end=time(T);g.fillText(end,w-g.measureText(end).width,h-5)}
    function go(t){now=Math.min(T,Math.max(0,t));$("scrub").value=Math.round(now/T*1000);
      const s=nearest(now);if(s&&s[4]>=0&&s[4]!==zone){zone=s[4];$("zone").value=zone}draw()}
    function goTick(tick){const s=S.find(s=>s[0]>=tick)||S[S.length-1];if(s)go(s[1])}
    function draw(){timeline();map();moment()}
    $("scrub").oninput=e=>go(e.target.value/1000*T);
    $("zone").onchange=e=>{zone=+e.target.value;map()};
    $("timeline").onclick=e=>go(e.offsetX/e.target.clientWidth*T);
    document.onkeydown=e=>{if(e.target.tagName==="SELECT")return;if(e.key==="ArrowRight")go(now+1);if(e.key==="ArrowLeft")go(now-1)};
    function all(){draw();bars("busy",D.busy,"#2f6fde");bars("late",D.late,"#2aa7b8");cycles();progress()}
    // The address may name a tick: report.html#3723.
    window.onhashchange=()=>{if(/^#\d+$/.test(location.hash))goTick(+location.hash.slice(1))};
    window.onresize=all;all();window.onhashchange();
    """#
}
