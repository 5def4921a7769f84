using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.Access;

/// <summary>Who sends a request.</summary>
/// <param name="Tenant">Whose jobs, files and all else it is about.</param>
/// <param name="Role">What it may.</param>
public sealed record Caller(Tenant Tenant, KeyRole Role)
{
    /// <summary>
    /// Who runs the pipeline: the holder of a key of the host's or of the settings, and everybody where none is asked for.
    /// </summary>
    public static Caller Operator { get; } = new(Tenant.Default, KeyRole.Admin);
}

/// <summary>Who sends the request that is being answered; what a function is given of the pipeline is this tenant's.</summary>
public sealed class CurrentCaller
{
    Caller? _caller;

    /// <summary>Who it is.</summary>
    /// <exception cref="InvalidOperationException">Nobody was asked: only functions that <see cref="AccessMiddleware"/> guards have a
    /// tenant.</exception>
    public Caller Caller => _caller ?? throw new InvalidOperationException("There is no caller: nobody was asked for a key.");

    /// <summary>Notes who it is.</summary>
    internal void Enter(Caller caller) => _caller = caller;
}
