using Azure.Core;
using Azure.Identity;

namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>Who signs in where neither a key nor a password does.</summary>
internal static class AzureIdentity
{
    /// <summary>
    /// The user-assigned identity that the connection names, and nobody else in its place; else whatever identity the process has.
    /// </summary>
    public static TokenCredential Of(PipelineConnection connection) => connection.Identity is { Length: > 0 } client
        ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client))
        : new DefaultAzureCredential();
}
