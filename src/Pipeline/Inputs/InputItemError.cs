namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>An error of one item, which becomes its result line while the others go on.</summary>
/// <param name="Code">The typed code, as written to results: <see cref="EmptySource"/> or <see cref="TooLong"/>.</param>
/// <param name="Message">What is wrong, one sentence.</param>
public sealed record InputItemError(string Code, string Message)
{
    /// <summary>The source is empty.</summary>
    public const string EmptySource = "emptySource";

    /// <summary>The line is over <see cref="InputReader.MaxItemBytes"/>.</summary>
    public const string TooLong = "tooLong";
}
