namespace DiffusionBatch.Pipeline.Index;

/// <summary>A measured speed.</summary>
/// <param name="ModelKey">What the speed depends on: the model's shape and the device, in a form that the caller chooses.</param>
/// <param name="Units">Work that was done, in the kind's unit (forward passes times tokens for samples); over 0.</param>
/// <param name="Seconds">The time that it took one worker; over 0.</param>
public sealed record SpeedSample(string ModelKey, double Units, double Seconds);
