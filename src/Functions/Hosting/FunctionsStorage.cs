using DiffusionBatch.Pipeline.Hosting;
using Microsoft.Extensions.Configuration;

namespace DiffusionBatch.Functions.Hosting;

/// <summary>
/// The setting for the account that Functions' triggers listen to: the pipeline's queues lie there, and so do its blobs. As Functions has
/// it, it is a connection string, or a group of settings by which an identity signs in.
/// </summary>
internal static class FunctionsStorage
{
    /// <summary>The setting, and the group's prefix.</summary>
    public const string Setting = "AzureWebJobsStorage";

    /// <summary>
    /// Fills in what the connection doesn't say: from <c>AzureWebJobsStorage</c>, or from <c>AzureWebJobsStorage__blobServiceUri</c> and
    /// <c>__queueServiceUri</c> (or <c>__accountName</c>) and <c>__clientId</c>, the user-assigned identity.
    /// </summary>
    public static void Fill(PipelineConnection connection, IConfiguration configuration)
    {
        IConfigurationSection group = configuration.GetSection(Setting);
        if (!string.IsNullOrEmpty(group.Value)) connection.Storage ??= group.Value;
        else if (connection.Storage is null && Address(group) is { } address)
        {
            connection.Storage = address;
            connection.Queues ??= group["queueServiceUri"];
        }
        connection.Identity ??= group["clientId"];
    }

    static string? Address(IConfigurationSection group) =>
        group["blobServiceUri"] ?? (group["accountName"] is { Length: > 0 } name ? $"https://{name}.blob.core.windows.net" : null);
}
