extension LivePage {
  /// Asks for the values four times a second and shows them. Whatever the client's memory holds is shown as text only.
  static let script = #"""
    "use strict";
    const $=id=>document.getElementById(id);
    const make=(tag,text,kind)=>{const e=document.createElement(tag);if(text!==undefined)e.textContent=text;
      if(kind)e.className=kind;return e};
    const fill=(id,nodes)=>$(id).replaceChildren(...nodes);
    const row=(cells,kind)=>{const tr=make("tr",undefined,kind);
      for(const c of cells){const[text,k]=Array.isArray(c)?c:[c];tr.append(make("td",text,k))}return tr};
    const percent=x=>x===undefined?"?":Math.round(x*100)+" %";
    const track={zone:0,next:0,points:[]};
    let state=null,misses=0;

    function gauge(name,part,text){
      const g=make("div",undefined,"gauge"+(part!==undefined&&part<.3?" low":""));
      g.append(make("span",name),make("b",text));
      const bar=make("i"),full=make("u");full.style.width=(part===undefined?0:Math.max(0,Math.min(1,part))*100)+"%";
      bar.append(full);g.append(bar);return g}

    function showNow(s){
      const stand=s.live?s.stand:"hangs";
      $("stand").textContent=stand;$("stand").className="pill "+stand;
      $("where").textContent=`${s.environment}, process ${s.process}`+
        (s.session?`, session ${s.session.split("/").pop()}`:"");
      $("where").title=s.session;
      $("clock").textContent=`tick ${s.tick}, ${s.age.toFixed(1)} s ago`;
      $("intent").textContent=s.intent;
      const v=s.vitals,points=(a,b)=>a===undefined?"":` (${a}/${b??"?"})`;
      const list=[gauge("Health",v.health,percent(v.health)+points(v.health_points,v.health_max)),
        gauge("Mana",v.mana,percent(v.mana)+points(v.mana_points,v.mana_max))];
      if(v.experience!==undefined){const g=gauge(`Level ${v.level??"?"}`,v.experience,percent(v.experience));
        g.classList.remove("low");list.push(g)}
      if(v.target)list.push(gauge(`Target: ${v.target.name??"?"}`,v.target.health,percent(v.target.health)));
      if(v.pet)list.push(gauge(`Pet: ${v.pet.name??"?"}`,v.pet.health,percent(v.pet.health)));
      fill("gauges",list);
      const facts=[];
      if(v.body)facts.push(v.body);
      if(v.combat)facts.push("in combat");
      if(v.casting)facts.push(`casts ${v.casting}, ${v.casting_left} s`);
      if(s.routine)facts.push(`routine ${s.routine.name} for ${s.routine.seconds.toFixed(1)} s`+
        (s.routine.locked?", locked":""));
      if(s.held.length)facts.push("holds "+s.held.join(" + "));
      if(v.slots!==undefined)facts.push(`${v.slots_free} of ${v.slots} bag slots free`);
      facts.push("keyboard "+s.motor);
      if(v.validity!=="valid")facts.push("values "+v.validity);
      $("facts").textContent=facts.join(" · ")}

    function showReasons(s){
      $("layer").textContent=`decided by ${s.layer}, phase ${s.phase}`;
      fill("rules",s.rules.map(r=>row([[r.rule],[r.class==="ordinary"?"":r.class,r.class],
        [r.ok?"willing":r.reason,r.ok?"willing":""],[r.measure,"wide"],[r.ok?r.score.toFixed(2):"","n"]],
        r.chosen?"chosen":r.ok?"":"off")));
      fill("candidates",s.candidates.length?s.candidates.map(c=>row([[c.name,"wide"],[c.reject??"","wide"],
        [c.score.toFixed(2),"n"]],c.reject?"off":"")):[row(["none is sought"],"off")]);
      $("goal").textContent=s.plan?`for ${s.plan.goal}, ${s.plan.seconds} s`:"";
      fill("plan",s.plan?s.plan.steps.map(p=>{const li=make("li",`${p.action} `,p.state);
        li.append(make("small",`${p.state}, ${p.seconds} s${p.learned?` learned from ${p.learned}`:""}`));
        li.title=`needs ${p.needs}\ngives ${p.gives}`;return li}):[make("li","no plan is under way","done")]);
      fill("events",s.events.slice(0,12).map(e=>row([[String(e.tick),"n"],[e.key],[e.text,"wide"]])))}

    function showSight(s){
      $("count").textContent=s.spawn_count;
      fill("spawns",s.spawns.slice(0,14).map(p=>row([[p.name||"?","wide"],[p.kind],["level "+p.level],
        [percent(p.health),"n"],[p.distance===undefined?"":p.distance.toFixed(0),"n"]],
        s.vitals.target&&p.id===s.vitals.target.id?"chosen":p.kind==="corpse"?"off":"")));
      const f=s.figures,items=[["defeats",f.defeats],["deaths",f.deaths],["loots",f.loots],["flees",f.flees],
        ["pulls",`${f.pulls}/${f.pulls+f.pulls_failed}`],["plans",`${f.plans_completed}/${f.plans_made}`],
        ["ticks",f.ticks],["skipped",f.skipped],["read",f.read_us+" µs"],["think",f.think_us+" µs"],
        ["act",f.act_us+" µs"],["late",f.late_us+" µs"],["longest tick",f.busy_us_max+" µs"],["log dropped",f.dropped]];
      fill("figures",items.map(([k,v])=>{const e=make("span",k+" ");e.append(make("b",v));return e}))}

    async function ask(){
      try{
        const answer=await fetch("state.json?since="+track.next,{cache:"no-store"});
        if(!answer.ok)throw new Error(answer.status+" "+(await answer.text()).trim());
        state=await answer.json();misses=0;
        keepTrack(state.track);showNow(state);showReasons(state);showSight(state);await showMap(state);
      }catch(error){
        if(++misses>2){$("stand").textContent="gone";$("stand").className="pill gone";
          $("intent").textContent="The daemon does not answer: "+error.message}
      }
      setTimeout(ask,document.hidden?2000:misses>2?1000:250)}
    """#

  /// The map: ground, track, beings, the player and where it looks.
  static let mapScript = #"""

    function keepTrack(t){
      if(t.zone!==track.zone||t.oldest>track.next){track.zone=t.zone;track.points=[]}
      if(t.first===track.next||!track.points.length)for(let i=0;i<t.points.length;i+=2)
        track.points.push([t.points[i],t.points[i+1]]);
      track.next=t.first+t.points.length/2;
      if(track.points.length>3000)track.points.splice(0,1000)}

    const grounds=new Map();
    async function ground(zone){
      if(grounds.has(zone))return grounds.get(zone).image;
      if(state.tick<(ground.again??0))return null;
      const m=await(await fetch("map.json?zone="+zone)).json(),image=document.createElement("canvas");
      // Not open yet: asked for again later.
      if(!m.columns){ground.again=state.tick+20;return null}
      image.width=m.columns;image.height=m.rows;
      const style=getComputedStyle(document.documentElement);
      const paint=image.getContext("2d",{willReadFrequently:true}),data=paint.createImageData(m.columns,m.rows);
      const colour=name=>{paint.fillStyle=style.getPropertyValue(name).trim();paint.fillRect(0,0,1,1);
        return paint.getImageData(0,0,1,1).data};
      const[rock,water,lava,low,high]=["--rock","--water","--bad","--lowland","--highland"].map(colour);
      for(let r=0;r<m.rows;r++)for(let c=0;c<m.columns;c++){
        const shade=m.shades.charCodeAt(r*m.columns+c)-97,at=((m.rows-1-r)*m.columns+c)*4,t=(shade-1)/8;
        for(let k=0;k<3;k++)data.data[at+k]=shade===0?rock[k]:shade===10?water[k]:shade===11?lava[k]:low[k]+(high[k]-low[k])*t;
        data.data[at+3]=255}
      paint.putImageData(data,0,0);
      grounds.set(zone,{image:{map:m,image}});
      return grounds.get(zone).image}

    async function showMap(s){
      const canvas=$("map"),paint=canvas.getContext("2d"),size=canvas.width,v=s.vitals;
      const ink=name=>getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      $("zone").textContent=v.zone??"";
      paint.fillStyle=ink("--rock");paint.fillRect(0,0,size,size);
      if(!v.at)return;
      const reach=Math.min(900,Math.max(220,...s.spawns.slice(0,40).map(p=>(p.distance??0)*1.1)));
      const scale=size/2/reach,x=p=>size/2+(p-v.at[0])*scale,y=p=>size/2-(p-v.at[1])*scale;
      const g=await ground(s.track.zone);
      if(g){const m=g.map;paint.imageSmoothingEnabled=false;
        paint.drawImage(g.image,x(m.x),y(m.y+m.rows*m.cell),m.columns*m.cell*scale,m.rows*m.cell*scale)}
      paint.strokeStyle=ink("--accent");paint.globalAlpha=.55;paint.lineWidth=2;paint.beginPath();
      track.points.forEach((p,i)=>i?paint.lineTo(x(p[0]),y(p[1])):paint.moveTo(x(p[0]),y(p[1])));
      paint.lineTo(size/2,size/2);paint.stroke();paint.globalAlpha=1;
      const colours={npc:"--warn",player:"--good",pet:"--accent",corpse:"--soft"};
      paint.font="11px system-ui,sans-serif";paint.textAlign="center";
      const named=[];
      const isFree=(px,py)=>named.every(q=>Math.abs(q[0]-px)>90||Math.abs(q[1]-py)>13);
      s.spawns.forEach((p,i)=>{
        const px=x(p.x),py=y(p.y);if(px<-9||py<-9||px>size+9||py>size+9)return;
        paint.fillStyle=ink(colours[p.kind]??"--soft");paint.beginPath();
        paint.arc(px,py,p.kind==="corpse"?3:4.5,0,7);paint.fill();
        if(v.target&&p.id===v.target.id){paint.strokeStyle=ink("--bad");paint.lineWidth=2;paint.beginPath();
          paint.arc(px,py,9,0,7);paint.stroke()}
        if(i<10&&isFree(px,py)){named.push([px,py]);paint.fillStyle=ink("--ink");paint.fillText(p.name,px,py-8)}});
      if(v.heading!==undefined){const a=v.heading*Math.PI/180;paint.save();paint.translate(size/2,size/2);paint.rotate(a);
        paint.fillStyle=ink("--accent");paint.strokeStyle=ink("--paper");paint.lineWidth=1.5;paint.beginPath();
        paint.moveTo(0,-11);paint.lineTo(7,8);paint.lineTo(0,4);paint.lineTo(-7,8);paint.closePath();paint.fill();
        paint.stroke();paint.restore()}
      paint.fillStyle=ink("--ink");paint.fillRect(14,size-18,100*scale,2);
      paint.textAlign="left";paint.fillText("100 units",14,size-24);
      if(!$("legend").firstChild)for(const[kind,name]of Object.entries(colours)){
        const dot=make("span",undefined,"key");dot.style.background=`var(${name})`;$("legend").append(dot,kind)}}

    ask();
    """#
}
