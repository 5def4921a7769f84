using System.Globalization;
using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Bench;

/// <summary>When a job was worked on, as its index has it.</summary>
internal static class IndexTimes
{
    /// <summary>
    /// Seconds from the first claim of one of the job's tasks, or, where there are no claims, from the job's start, to its end.
    /// </summary>
    internal static double Worked(string index, string output)
    {
        using var connection = new SqliteDialect(index).Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select coalesce((select min(a.started_at) from attempts a where a.job_id = j.id), j.started_at), "
            + "j.finished_at, j.state from jobs j where j.output = @output";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("output", output);
        command.Parameters.Add(parameter);
        using var rows = command.ExecuteReader();
        if (!rows.Read() || rows.GetString(2) != "completed")
            throw new InvalidOperationException($"{output} isn't completed.");
        return (Time(rows.GetString(1)) - Time(rows.GetString(0))).TotalSeconds;
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
