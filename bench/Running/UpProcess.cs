using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DiffusionBatch.Bench;

/// <summary><c>dbatch up</c> as a process; its lines are kept beside its folder in <c>up.log</c>.</summary>
internal sealed class UpProcess : IAsyncDisposable
{
    private const int Interrupt = 2;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly StreamWriter _log;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private UpProcess(string state, Process process)
    {
        (State, _process) = (state, process);
        _log = new StreamWriter(state + ".log") { AutoFlush = true };
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The pipeline's folder.</summary>
    internal string State { get; }

    /// <summary>Where its API listens.</summary>
    internal Uri Url { get; private set; } = null!;

    /// <summary>Its exit code, once it has ended.</summary>
    internal int ExitCode => _process.ExitCode;

    /// <summary>Its process.</summary>
    internal int Id => _process.Id;

    /// <summary>What it said last.</summary>
    internal string LastLines
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said.ToString().Split('\n').TakeLast(40));
        }
    }

    /// <summary>Starts it; returns once it is ready.</summary>
    /// <param name="state">Its folder.</param>
    /// <param name="workers">How many workers.</param>
    /// <param name="index">The index; null for the folder's own.</param>
    /// <param name="checkpointEvery">How often workers save what their successors would go on from; null as by default.</param>
    internal static async Task<UpProcess> StartAsync(string state, int workers, string? index = null, TimeSpan? checkpointEvery = null)
    {
        ProcessStartInfo start = DbatchProcess.Start(Path.GetDirectoryName(state)!,
            ["up", "--port", "0", "--workers", $"{workers}", "--root", state, .. (string[])(index is null ? [] : ["--index", index])]);
        if (checkpointEvery is { } every)
            start.Environment["Worker__CheckpointEvery"] = every.ToString("c");
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        var up = new UpProcess(state, process);
        Task ended = process.WaitForExitAsync();
        if (await Task.WhenAny(up._ready.Task, ended).WaitAsync(s_limit) == ended)
            throw new ArgumentException($"dbatch up ended with code {process.ExitCode}:\n{up._said}");
        up.Url = await up._ready.Task;
        return up;
    }

    /// <summary>How many of its lines say something.</summary>
    internal int Count(string text)
    {
        lock (_said)
            return _said.ToString().Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>One Ctrl-C; answers how long it took to end.</summary>
    internal async Task<TimeSpan> InterruptAsync()
    {
        long started = Stopwatch.GetTimestamp();
        Workers.Signal(_process.Id, Interrupt);
        await _process.WaitForExitAsync().WaitAsync(s_limit);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Whether anything listens on its API's port.</summary>
    internal async Task<bool> ListensAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Url.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await InterruptAsync();
        _process.Dispose();
        lock (_said)
            _log.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_said)
        {
            _said.Append(line).Append('\n');
            if (_log.BaseStream is { CanWrite: true })
                _log.WriteLine(line);
        }
        if (line.StartsWith("ready ", StringComparison.Ordinal))
            _ready.TrySetResult(new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
    }
}
