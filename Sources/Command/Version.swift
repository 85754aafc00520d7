/// What `--version` prints of every program.
public enum Version {
  public static let number = "0.1.0"
}
