using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Brings a database to the newest schema: numbered SQL files, each applied once, all in one transaction. Those of each database are
/// plain SQL; a line <c>-- @include FILE</c> stands for a file that the databases share, in which the words in braces are the dialect's.
/// </summary>
internal static partial class Migrator
{
    /// <summary>Applies what is missing.</summary>
    /// <exception cref="InvalidOperationException">The database is newer than this program.</exception>
    public static void Migrate(ISqlDialect dialect, DbConnection connection, TimeProvider time)
    {
        IReadOnlyList<(int Number, string Resource)> all = All(dialect.Migrations);
        using DbTransaction transaction = dialect.BeginMigration(connection);
        connection.Execute("create table if not exists migrations (number integer primary key, name text not null, applied_at text "
            + "not null)", transaction: transaction);
        int last = connection.ExecuteScalar<int?>("select max(number) from migrations", transaction: transaction) ?? 0;
        if (last > all[^1].Number)
            throw new InvalidOperationException($"The index has "
                + $"schema {last}; this program knows {all[^1].Number}. Use the newer program, or delete the index: it is made anew.");
        foreach ((int number, string resource) in all.Where(m => m.Number > last))
        {
            connection.Execute(Sql(resource, dialect), transaction: transaction);
            connection.Execute(
                "insert into migrations (number, name, applied_at) values (@number, @resource, @now)",
                new { number, resource, now = Timestamp.Of(time.GetUtcNow()) },
                transaction);
        }
        transaction.Commit();
    }

    static List<(int Number, string Resource)> All(string folder) =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Select(name => name.Replace('\\', '/'))
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(folder.Length + 1, 4), NumberStyles.None, CultureInfo.InvariantCulture), name))
            .Order()];

    static string Sql(string resource, ISqlDialect dialect) => Include().Replace(Text(resource), include => Braces().Replace(
        Text(include.Groups[1].Value),
        word => string.Format(CultureInfo.InvariantCulture, dialect.Words[word.Groups[1].Value], word.Groups[2].Value.Split(", "))));

    [GeneratedRegex(@"^-- @include (\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Include();

    [GeneratedRegex(@"\{(\w+) ?([^{}]*)\}")]
    private static partial Regex Braces();

    static string Text(string resource)
    {
        Assembly assembly = Assembly.GetExecutingAssembly();
        string name = assembly.GetManifestResourceNames().First(n => n.Replace('\\', '/') == resource);
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
