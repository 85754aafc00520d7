import Command

let usage = """
  usage: compass-terrain COMMAND …

    build --input FILE… --output ZONE.terrain [--format F] [--map NAME] [--cell 1] [--quantum 0.125]
          [--agent [NAME=]radius,height,step,slope,drop]… [--threads N] [--swim] [--json]
          [--overrides FILE]       closed areas, other surfaces, links; `rebuild` takes zones/NAME.overrides
                                   --swim: deep water has a floor at its surface, its bottom is underwater
          [--rules exact|recast] [--voxel 0.5]   Recast's voxels and filters, for comparison
    info FILE [--json]       what a terrain file holds
    verify FILE [--json]     checks every byte of it
    diff A B [--json]        what differs; exit code 1 when something does
    export FILE --obj OUT | --glb OUT                  the floors as a mesh
    render FILE --output PNG [--size 1600] [--layer SHEET] [--path x,y[,z] x,y[,z]…]
    path FILE --from x,y[,z] --to x,y[,z] [--output PNG] [--json]
    rebuild --environment NAME|DIR [--zone NAME] [--force] [--json]
    fuzz --target T --corpus FILE… [--seconds 10] [--seed 1] [--case N] [--cuts] [--json]
                             damaged copies of sound files against a reader; T is pfs, wld, eqg, eqg-mesh, eqg-zone, wad,
                             bsp, obj, glb, raster, zip or terrain; --cuts tries them cut off: everywhere, large
                             ones at 2,000 places

  Lines of overrides (world units, # begins a remark):
    closed X,Y X,Y [LOW,HIGH]      surface NAME X,Y X,Y [LOW,HIGH]
    link X,Y,Z X,Y,Z               oneway X,Y,Z X,Y,Z

  Exit codes: 0 done, 1 different, 64 usage, 65 bad data, 66 no input, 73 cannot write.
  """

runProgram("compass-terrain") {
  var arguments = Arguments(CommandLine.arguments.dropFirst())
  if arguments.flag("--version") {
    emit("compass-terrain \(Version.number)")
    return .success
  }
  if arguments.flag("--help") {
    emit(usage)
    return .success
  }
  return try withFaultsNamed {
    switch try arguments.word("a command") {
    case "build": return try buildCommand(&arguments)
    case "info": return try infoCommand(&arguments)
    case "diff": return try diffCommand(&arguments)
    case "export": return try exportCommand(&arguments)
    case "verify": return try verifyCommand(&arguments)
    case "render": return try renderCommand(&arguments)
    case "rebuild": return try rebuildCommand(&arguments)
    case "path": return try pathCommand(&arguments)
    case "fuzz": return try fuzzCommand(&arguments)
    case let other: throw CommandError(.usage, "\"\(other)\" is no command; --help lists what there is")
    }
  }
}
