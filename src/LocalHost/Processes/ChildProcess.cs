using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionBatch.LocalHost.Processes;

/// <summary>A program that this one runs beside itself: its lines go to a log, and it is stopped by SIGTERM, then by force.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    const int SigTerm = 15;

    readonly Process _process;
    readonly TimeSpan _grace;

    ChildProcess(Process process, TimeSpan grace) => (_process, _grace) = (process, grace);

    /// <summary>Its number.</summary>
    public int Id { get; private init; }

    /// <summary>Completed, with its exit code, once it has ended and all its lines were taken.</summary>
    public Task<int> Ended { get; private set; } = null!;

    /// <summary>Starts a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <param name="log">Takes each line that it writes.</param>
    /// <param name="grace">How long it has to stop by itself.</param>
    /// <param name="folder">Its working directory; null: that of this process.</param>
    public static async Task<ChildProcess> StartAsync(
        string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, Action<string> log,
        TimeSpan grace,
        string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        await ProcessSpawner.StartAsync(process);
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var child = new ChildProcess(process, grace) { Id = process.Id };
        child.Ended = child.WaitAsync();
        return child;

        void Keep(object sender, DataReceivedEventArgs e)
        {
            if (!string.IsNullOrWhiteSpace(e.Data)) log(e.Data.TrimEnd());
        }
    }

    /// <summary>Stops it: asks, waits, then kills it and its children.</summary>
    public async Task StopAsync()
    {
        // Its own children too, where it is a session of its own: a script that started a program needn't pass signals on.
        if (!Ended.IsCompleted && !OperatingSystem.IsWindows() && Kill(-Id, SigTerm) != 0) _ = Kill(Id, SigTerm);
        if (OperatingSystem.IsWindows() || await Task.WhenAny(Ended, Task.Delay(_grace)) != Ended) Kill();
        await Ended;
    }

    /// <summary>Kills it and its children at once; one that has ended is left alone.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int process, int signal);
}

/// <summary>The <c>dotnet</c> program.</summary>
public static class Dotnet
{
    /// <summary>The one that runs this program, else the one on the PATH.</summary>
    public static string Host { get; } = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet"
        ? host
        : "dotnet";
}
