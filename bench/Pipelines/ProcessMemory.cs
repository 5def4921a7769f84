using System.Globalization;

namespace DiffusionBatch.Bench;

/// <summary>The most physical memory that a process held at once, as Linux counts it: managed and native, code and stacks.</summary>
internal static class ProcessMemory
{
    /// <summary>Whether this system tells it.</summary>
    internal static bool IsKnown => File.Exists("/proc/self/clear_refs");

    /// <summary>The process's child whose command line holds a text.</summary>
    internal static int Child(int parent, string text)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process))
                continue;
            try
            {
                if (Field(process, "PPid:") == parent && File.ReadAllText($"{folder}/cmdline").Contains(text, StringComparison.Ordinal))
                    return process;
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        throw new InvalidOperationException($"Process {parent} has no child with '{text}'.");
    }

    /// <summary>Counts from now on.</summary>
    internal static void Reset(int process) => File.WriteAllText($"/proc/{process}/clear_refs", "5");

    /// <summary>The peak since then, in megabytes.</summary>
    internal static double PeakMegabytes(int process) => Field(process, "VmHWM:") / 1e3;

    /// <summary>What it holds now, in megabytes.</summary>
    internal static double Megabytes(int process) => Field(process, "VmRSS:") / 1e3;

    private static long Field(int process, string name) =>
        long.Parse(File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).AsSpan(name.Length)
            .Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture);
}
