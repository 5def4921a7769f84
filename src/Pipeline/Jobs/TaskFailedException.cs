namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>A task that failed for good: tried again, it would come to the same end. Its job fails with the message; what it saved on its way stays.</summary>
/// <param name="message">Why, with a code first and what to do last.</param>
/// <param name="inner">What was thrown.</param>
public sealed class TaskFailedException(string message, Exception? inner = null) : Exception(message, inner);
