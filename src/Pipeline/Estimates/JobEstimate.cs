namespace DiffusionBatch.Pipeline.Estimates;

/// <summary>What a job is expected to take.</summary>
/// <param name="Name">The job's name.</param>
/// <param name="Kind"><c>finetune</c>, <c>sample</c> or <c>evaluate</c>.</param>
public sealed record JobEstimate(string Name, string Kind)
{
    /// <summary>Its items, counted or by the input's length and its first lines; null where that isn't known.</summary>
    public long? Items { get; init; }

    /// <summary>Its work, in the kind's unit: forward passes times tokens (sample), tokens (finetune), bytes (evaluate); null where it isn't known.</summary>
    public double? Units { get; init; }

    /// <summary>The measured speed, in units a second of one worker; null before a job of the kind, with such a model, has ended.</summary>
    public double? UnitsPerSecond { get; init; }

    /// <summary>Seconds of one worker; null where work or speed isn't known.</summary>
    public double? Seconds => Units is { } units && UnitsPerSecond is > 0 and var speed ? units / speed : null;

    /// <summary>What the estimate rests on, or why there is none, in a sentence.</summary>
    public required string Basis { get; init; }
}
