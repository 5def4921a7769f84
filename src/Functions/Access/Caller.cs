using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Access;

/// <summary>Who sends a request.</summary>
/// <param name="Tenant">Whose jobs, files and batches it is about; empty for the one tenant of a pipeline without named keys.</param>
public sealed record Caller(string Tenant)
{
    static readonly object s_item = new();

    /// <summary>The one tenant of a pipeline without named keys.</summary>
    public static Caller Default { get; } = new("");

    /// <summary>A request's sender.</summary>
    public static Caller Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.HttpContext.Items[s_item] as Caller ?? Default;
    }

    /// <summary>Notes a request's sender.</summary>
    internal void Enter(HttpRequest request) => request.HttpContext.Items[s_item] = this;
}
