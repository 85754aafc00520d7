import Core

/// What a task has to say after one tick: the small undertakings that routines are made of.
public enum TaskStep: Hashable, Sendable {
  case running
  case done
  case failed(RoutineFailure)
}
