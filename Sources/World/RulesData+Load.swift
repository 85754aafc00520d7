import Core

extension RulesData {
  init(_ node: DataNode) throws(DataError) {
    try node.allowKeys(["movement", "melee", "skills", "spells", "npcs", "pets", "experience", "goods"])
    let movement = node["movement"]
    try movement.allowKeys([
      "run", "back", "strafe", "turn_rate", "swim_factor", "gravity", "jump", "radius", "height", "step",
      "slope_degrees", "swim_depth", "fall_safe", "fall_damage", "lava_damage",
    ])
    runSpeed = try movement["run"].number(in: 1...100)
    backSpeed = try movement["back"].number(in: 0...100)
    strafeSpeed = try movement["strafe"].number(in: 0...100)
    turnRate = try movement["turn_rate"].number(in: 1...2_048)
    swimFactor = try movement["swim_factor"].number(in: 0.05...1)
    gravity = try movement["gravity"].number(in: 1...500)
    jumpSpeed = try movement["jump"].number(in: 0...100)
    bodyRadius = try movement["radius"].number(in: 0.2...8)
    bodyHeight = try movement["height"].number(in: 1...30)
    stepHeight = try movement["step"].number(in: 0.2...10)
    slopeDegrees = try movement["slope_degrees"].number(in: 10...85)
    carries = sineAndCosine(slopeDegrees * .pi / 180).cosine
    swimDepth = try movement["swim_depth"].number(in: 0.5...20)
    fallSafe = try movement["fall_safe"].number(in: 1...500)
    fallDamage = try movement["fall_damage"].number(in: 0...100)
    lavaDamage = try movement["lava_damage"].integer(in: 0...10_000)

    let melee = node["melee"]
    try melee.allowKeys([
      "range", "arc", "hit_per_level", "hit_min", "hit_max", "armor_factor", "armor_max", "sitting_factor",
      "stun_pause",
    ])
    meleeRange = try melee["range"].number(in: 1...50)
    meleeArc = try melee["arc"].number(in: 1...256)
    hitPerLevel = try melee["hit_per_level"].number(in: 0...1)
    hitMin = try melee["hit_min"].number(in: 0...1)
    hitMax = try melee["hit_max"].number(in: 0...1)
    armorFactor = try melee["armor_factor"].number(in: 0...1)
    armorMax = try melee["armor_max"].number(in: 0...0.95)
    sittingHitFactor = try melee["sitting_factor"].number(in: 0.1...10)
    stunPause = try melee["stun_pause"].number(in: 0...60)

    let skills = node["skills"]
    try skills.allowKeys(["per_level", "gain", "hit", "fizzle"])
    skillPerLevel = try skills["per_level"].integer(in: 1...100)
    skillGain = try skills["gain"].number(in: 0...1)
    skillHit = try skills["hit"].number(in: 0...1)
    skillFizzle = try skills["fizzle"].number(in: 0...1)

    let spells = node["spells"]
    try spells.allowKeys([
      "fizzle", "fizzle_per_level", "fizzle_mana", "refresh", "interrupt", "interrupt_distance", "resist",
      "resist_per_level", "resist_min", "resist_max", "root_break", "memorise", "feign_fail",
    ])
    fizzleChance = try spells["fizzle"].number(in: 0...1)
    fizzlePerLevel = try spells["fizzle_per_level"].number(in: 0...1)
    fizzleManaPart = try spells["fizzle_mana"].number(in: 0...1)
    gemRefreshSeconds = try spells["refresh"].number(in: 0...30)
    interruptChance = try spells["interrupt"].number(in: 0...1)
    interruptMoveDistance = try spells["interrupt_distance"].number(in: 0...100)
    resistBase = try spells["resist"].number(in: 0...1)
    resistPerLevel = try spells["resist_per_level"].number(in: 0...1)
    resistMin = try spells["resist_min"].number(in: 0...1)
    resistMax = try spells["resist_max"].number(in: 0...1)
    rootBreak = try spells["root_break"].number(in: 0...1)
    memoriseSeconds = try spells["memorise"].number(in: 0...60)
    feignFailChance = try spells["feign_fail"].number(in: 0...1)

    let npcs = node["npcs"]
    try npcs.allowKeys([
      "aggro_per_level", "aggro_height", "gray_no_aggro", "think", "far", "standing_per_kill", "standing_hostile",
      "heal_idle", "spell_hate",
      "pet_taunt", "heal_hate",
    ])
    aggroPerLevel = try npcs["aggro_per_level"].number(in: 0...1)
    aggroHeight = try npcs["aggro_height"].number(in: 1...1_000)
    grayNoAggro = try npcs["gray_no_aggro"].boolean()
    thinkSeconds = try npcs["think"].number(in: 0.03...10)
    farDistance = try npcs["far"].number(in: 50...10_000)
    standingPerKill = try npcs["standing_per_kill"].integer(in: 0...1_000)
    standingHostile = try npcs["standing_hostile"].integer(in: -1_000...0)
    healIdlePart = try npcs["heal_idle"].number(in: 0...1)
    spellHateFactor = try npcs["spell_hate"].number(in: 0...10)
    petTauntHate = try npcs["pet_taunt"].number(in: 0...10_000)
    healHateFactor = try npcs["heal_hate"].number(in: 0...10)

    let pets = node["pets"]
    try pets.allowKeys(["follow", "regeneration"])
    petFollowDistance = try pets["follow"].number(in: 1...50)
    petRegenerationPart = try pets["regeneration"].number(in: 0...1)

    let experience = node["experience"]
    try experience.allowKeys([
      "level_max", "base", "power", "con", "loss", "loss_from_level", "release", "loading",
    ])
    levelMax = try experience["level_max"].integer(in: 1...60)
    experienceBase = try experience["base"].number(in: 1...1_000_000)
    experiencePower = try experience["power"].number(in: 0.5...5)
    var parts: [Double] = []
    for con in Con.allCases { parts.append(try experience["con"][con.name].number(in: 0...10)) }
    experienceByCon = parts
    experienceLossPart = try experience["loss"].number(in: 0...1)
    experienceLossFromLevel = try experience["loss_from_level"].integer(in: 1...60)
    releaseSeconds = try experience["release"].number(in: 0...600)
    loadingSeconds = try experience["loading"].number(in: 0...60)

    let goods = node["goods"]
    try goods.allowKeys([
      "corpses", "corpse", "empty_corpse", "player_corpse", "loot_range", "merchant_range", "slots",
      "bank_slots", "weight", "encumbered", "target_range",
    ])
    corpseCapacity = try goods["corpses"].integer(in: 4...500)
    corpseSeconds = try goods["corpse"].number(in: 1...100_000)
    emptyCorpseSeconds = try goods["empty_corpse"].number(in: 1...100_000)
    playerCorpseSeconds = try goods["player_corpse"].number(in: 1...1_000_000)
    lootRange = try goods["loot_range"].number(in: 1...100)
    merchantRange = try goods["merchant_range"].number(in: 1...100)
    inventorySlots = try goods["slots"].integer(in: 1...40)
    bankSlots = try goods["bank_slots"].integer(in: 0...40)
    let weight = try goods["weight"].array()
    guard weight.count == 2 else { throw goods["weight"].error("expected [at level 0, per level] in tenths") }
    weightBase = try weight[0].integer(in: 1...1_000_000)
    weightPerLevel = try weight[1].integer(in: 0...100_000)
    encumberedFactor = try goods["encumbered"].number(in: 0.1...1)
    targetRange = try goods["target_range"].number(in: 10...2_000)
  }
}
