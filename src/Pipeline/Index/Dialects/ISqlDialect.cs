using System.Data.Common;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What differs between the databases that can hold the index. The operations' SQL is the same for all.</summary>
public interface ISqlDialect
{
    /// <summary>The folder of the dialect's migrations.</summary>
    string Migrations { get; }

    /// <summary>Opens a connection; creates the database where it can and must.</summary>
    DbConnection Open();

    /// <summary>Begins a transaction in which nobody else migrates.</summary>
    DbTransaction BeginMigration(DbConnection connection);
}
