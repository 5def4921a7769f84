using Microsoft.Extensions.Options;

namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>Refuses a connection that leaves something open, when the host starts.</summary>
internal sealed class PipelineConnectionValidation : IValidateOptions<PipelineConnection>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PipelineConnection options)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Storage) == string.IsNullOrWhiteSpace(options.Folder))
            problems.Add("Give either Storage, the connection string of an Azure Storage account (or Azurite), or Folder, a folder as the storage root.");
        if (string.IsNullOrWhiteSpace(options.Index)) problems.Add("Give Index: a SQLite file's path, or a PostgreSQL connection string.");
        if (string.IsNullOrWhiteSpace(options.Container)) problems.Add("Container must not be empty.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
