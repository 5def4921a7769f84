using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DiffusionBatch.Bench;

/// <summary>Runs the built <c>dbatch</c> as a process of its own, as a user does.</summary>
internal static class DbatchProcess
{
    /// <summary>The <c>dotnet</c> that runs this process.</summary>
    internal static string Host { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    /// <summary>How it is started in a folder; all its streams are redirected.</summary>
    internal static ProcessStartInfo Start(string folder, params string[] arguments) =>
        new(Host, [Path.Combine(AppContext.BaseDirectory, "dbatch.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    /// <summary>Runs a command to its end; answers what it wrote to standard output.</summary>
    /// <exception cref="ArgumentException">It ended with another code than 0.</exception>
    internal static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        Directory.CreateDirectory(folder);
        using var process = Process.Start(Start(folder, arguments))!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new ArgumentException($"dbatch {string.Join(' ', arguments)} ended with code {process.ExitCode}:\n{await error}");
        return await output;
    }
}
