namespace DiffusionBatch.Pipeline.Index;

/// <summary>What one submit enters: a single job, or a pipeline's parent followed by its jobs.</summary>
/// <param name="Jobs">The root first; the others name it as their parent, in the manifest's order.</param>
public sealed record Submission(IReadOnlyList<SubmittedJob> Jobs)
{
    /// <summary>The caller's key, or null: of all submissions with one key the first counts.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The hash of the request's body, by which a repeated request is told from another with the same key.</summary>
    public string? BodyHash { get; init; }
}
