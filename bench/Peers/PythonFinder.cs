using System.ComponentModel;
using System.Diagnostics;

namespace DiffusionBatch.Bench;

/// <summary>Finds a Python that has PyTorch.</summary>
internal static class PythonFinder
{
    // Debian's packages belong to Debian's own Python; another one may come first in the path.
    private static readonly string[] s_candidates = ["/usr/bin/python3", "python3", "python"];

    /// <summary>The executable; null where there is none.</summary>
    /// <param name="asked">The one to use, without a search; null looks for one.</param>
    /// <exception cref="ArgumentException">The one that was asked for can't import torch.</exception>
    internal static string? Find(string? asked)
    {
        if (asked is null)
            return s_candidates.FirstOrDefault(HasTorch);
        return HasTorch(asked) ? asked : throw new ArgumentException($"--python: '{asked}' can't import torch");
    }

    private static bool HasTorch(string python)
    {
        try
        {
            var start = new ProcessStartInfo(python, ["-c", "import torch, numpy"]) { RedirectStandardError = true, RedirectStandardOutput = true };
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
