using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace DiffusionBatch.Bench;

/// <summary>
/// The processes of a pipeline, as /proc lists them: each has the pipeline's folder on its command line or the port in it.
/// </summary>
internal static class Workers
{
    /// <summary>SIGKILL and SIGTERM.</summary>
    internal const int Kill = 9, Terminate = 15;

    /// <summary>All of them but <c>dbatch up</c> itself.</summary>
    internal static IReadOnlyList<int> All(string state) =>
        Find(line => line.Contains(state, StringComparison.Ordinal) && !line.Contains("dbatch.dll", StringComparison.Ordinal));

    /// <summary>The workers that are alive.</summary>
    internal static IReadOnlyList<int> Alive(string state) =>
        Find(line => line.Contains(state, StringComparison.Ordinal)
            && line.Contains("DiffusionBatch.GpuWorker.dll", StringComparison.Ordinal));

    /// <summary>The worker of a name, where it is alive and was so at a time (ISO 8601), or null.</summary>
    internal static int? Named(string state, string name, string since)
    {
        if (Named(state, name) is not { } worker)
            return null;
        try
        {
            using var process = Process.GetProcessById(worker);
            return process.StartTime.ToUniversalTime() < DateTimeOffset.Parse(since, CultureInfo.InvariantCulture).UtcDateTime
                ? worker
                : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The worker of a name, or null.</summary>
    internal static int? Named(string state, string name) =>
        Find(line => line.Contains(state, StringComparison.Ordinal)
            && line.Contains("DiffusionBatch.GpuWorker.dll", StringComparison.Ordinal)
            && line.Contains($" --name {name} ", StringComparison.Ordinal)) is [var id, ..] ? id : null;

    /// <summary>Sends a signal; false where the process has ended.</summary>
    internal static bool Signal(int process, int signal) => SendSignal(process, signal) == 0;

    /// <summary>Waits until a process has ended.</summary>
    internal static async Task EndAsync(int process)
    {
        while (CommandLine(process).Length > 0)
            await Task.Delay(20);
    }

    private static List<int> Find(Func<string, bool> isIt) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0 && isIt(CommandLine(id))),
    ];

    // Empty once it has ended, though nobody may have asked for its exit code yet.
    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
