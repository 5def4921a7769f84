using System.ComponentModel;
using System.Diagnostics;

namespace DiffusionBatch.Bench;

/// <summary>Finds the Python of the peers that need one.</summary>
internal static class PythonFinder
{
    private static readonly string[] s_candidates = ["/usr/bin/python3", "python3", "python"];

    /// <summary>The executable; null where there is none.</summary>
    /// <param name="asked">The one to use, without a search; null looks for one.</param>
    /// <exception cref="ArgumentException">The one that was asked for isn't one.</exception>
    internal static string? Find(string? asked)
    {
        if (asked is null)
            return s_candidates.FirstOrDefault(IsPython);
        return IsPython(asked) ? asked : throw new ArgumentException($"--python: '{asked}' is no Python 3");
    }

    private static bool IsPython(string program)
    {
        try
        {
            var start = new ProcessStartInfo(program, ["-c", "import json; f'{json}'"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true
            };
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // No such program.
        }
    }
}
