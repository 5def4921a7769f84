using Microsoft.Extensions.Configuration;

namespace DiffusionBatch.LocalHost.TestApp;

/// <summary>
/// What functions that nobody asks have done, for the tests to read: a line each, in the file of the setting <c>Diary</c>.
/// </summary>
public sealed class Diary(IConfiguration configuration)
{
    static readonly Lock s_one = new();

    readonly string? _path = configuration["Diary"];

    /// <summary>Writes a line.</summary>
    public void Write(string line)
    {
        if (_path is null) return;
        lock (s_one) File.AppendAllText(_path, line + "\n");
    }
}
