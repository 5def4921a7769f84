using System.ComponentModel;
using System.Diagnostics;

namespace DiffusionBatch.Bench;

/// <summary>Finds a Python that has what a peer imports.</summary>
internal static class PythonFinder
{
    // Debian's packages belong to Debian's own Python; another one may come first in the path.
    private static readonly string[] s_candidates = ["/usr/bin/python3", "python3", "python"];

    /// <summary>The executable; null where there is none.</summary>
    /// <param name="asked">The one to use, without a search; null looks for one.</param>
    /// <param name="modules">What it must be able to import, between commas.</param>
    /// <exception cref="ArgumentException">The one that was asked for can't import them.</exception>
    internal static string? Find(string? asked, string modules)
    {
        if (asked is null)
            return s_candidates.FirstOrDefault(python => Has(python, modules));
        return Has(asked, modules) ? asked : throw new ArgumentException($"--python: '{asked}' can't import {modules}");
    }

    private static bool Has(string python, string modules)
    {
        try
        {
            var start = new ProcessStartInfo(python, ["-c", $"import {modules}"]) { RedirectStandardError = true, RedirectStandardOutput = true };
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
