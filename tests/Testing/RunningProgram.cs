using System.Diagnostics;
using System.Text;

namespace DiffusionBatch.Testing;

/// <summary>A program that runs beside the test.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    // A build on a machine that others use as well takes its time.
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly Task _read;

    RunningProgram(Process process)
    {
        _process = process;
        _read = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Its process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it has written so far, on both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="folder">The folder that it runs in.</param>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="environment">Variables that it gets.</param>
    /// <param name="alone">Whether it gets none of this process's.</param>
    public static RunningProgram Start(string folder, IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment = null,
        bool alone = false)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (alone) start.Environment.Clear();
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return new RunningProgram(process);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code and what it wrote.</returns>
    public static async Task<(int Code, string Output)> RunAsync(string folder, IReadOnlyList<string> words,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        await using RunningProgram command = Start(folder, words, environment);
        int code = await command.EndAsync();
        return (code, command.Output);
    }

    /// <summary>Sends a signal by its name, such as <c>TERM</c>.</summary>
    public void Signal(string name) => Machine.Signal(Id, name);

    /// <summary>Waits until it has ended; returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(limit.Token);
        await _read;
        return _process.ExitCode;
    }

    /// <summary>Waits until it has written something.</summary>
    public async Task SaysAsync(string text)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(HasEnded, $"It ended before it said \"{text}\":\n{Output}");
            await Task.Delay(50, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    async Task ReadAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
            lock (_output) _output.AppendLine(line);
    }
}
