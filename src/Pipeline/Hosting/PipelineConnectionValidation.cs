using Microsoft.Extensions.Options;
using Npgsql;

namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>Refuses a connection that leaves something open, when the host starts.</summary>
internal sealed class PipelineConnectionValidation : IValidateOptions<PipelineConnection>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PipelineConnection options)
    {
        List<string> problems = [.. OfStorage(options), .. OfIndex(options)];
        if (!string.IsNullOrEmpty(options.Identity) && !options.IndexByIdentity && !StorageAccount.IsAddress(options.Storage))
            problems.Add("Identity signs in nowhere: it is for a Storage that is an address, and for IndexByIdentity.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    static IEnumerable<string> OfStorage(PipelineConnection options)
    {
        if (string.IsNullOrWhiteSpace(options.Storage) == string.IsNullOrWhiteSpace(options.Folder))
            yield return "Give either Storage, the connection string or the address of an Azure Storage account (or Azurite's), or "
                + "Folder, a folder as the storage root.";
        if (string.IsNullOrWhiteSpace(options.Container)) yield return "Container must not be empty.";
        if (StorageAccount.IsAddress(options.Storage))
        {
            if (StorageAccount.Objection(options.Storage!) is { } wrong) yield return "Storage: " + wrong;
            else if (options.Queues is null && StorageAccount.QueuesOf(options.Storage!) is null)
                yield return $"Give Queues, the address of the account's queues, too: it doesn't follow from \"{options.Storage}\".";
            if (options.Queues is not null && StorageAccount.Objection(options.Queues) is { } queues) yield return "Queues: " + queues;
        }
        else if (options.Queues is not null)
            yield return "Queues goes with a Storage that is an address; a connection string has the queues' own.";
    }

    static IEnumerable<string> OfIndex(PipelineConnection options)
    {
        if (string.IsNullOrWhiteSpace(options.Index)) return ["Give Index: a SQLite file's path, or a PostgreSQL connection string."];
        if (!options.IsPostgres) return options.IndexByIdentity ? ["IndexByIdentity is for an Index in PostgreSQL."] : [];
        try
        {
            var index = new NpgsqlConnectionStringBuilder(options.Index);
            return options.IndexByIdentity ? OfToken(index) : [];
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return [$"Index is no PostgreSQL connection string: {e.Message}"];
        }
    }

    static IEnumerable<string> OfToken(NpgsqlConnectionStringBuilder index)
    {
        if (!string.IsNullOrEmpty(index.Password))
            yield return "Index has a password, and IndexByIdentity says that an identity's token is one: give one of them.";
        if (index.SslMode < SslMode.Require)
            yield return "With IndexByIdentity a token is sent to the index's server: give Index an Ssl Mode of VerifyFull (or Require).";
    }
}
