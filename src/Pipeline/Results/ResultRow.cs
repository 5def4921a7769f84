namespace DiffusionBatch.Pipeline.Results;

/// <summary>One result as it will be written, with what is counted of it.</summary>
/// <param name="Line">Its line in the part file.</param>
/// <param name="Traces">Its lines in the trace file.</param>
/// <param name="Nfe">Its forward passes.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Seconds">Its computing time.</param>
/// <param name="ErrorCode">The code of its error, or null.</param>
public sealed record ResultRow(string Line, IReadOnlyList<string> Traces, long Nfe, long Tokens, double Seconds, string? ErrorCode)
{
    /// <summary>Floating-point operations that its passes need.</summary>
    public double Flops { get; init; }
}
