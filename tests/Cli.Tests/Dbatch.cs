using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionBatch.Cli.Tests;

/// <summary>Runs the built <c>dbatch</c> as a process of its own, as a user does.</summary>
internal sealed class Dbatch : IDisposable
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    readonly Process _process;
    readonly Task<string> _out, _error;
    readonly Dictionary<string, TaskCompletionSource> _awaited = [];
    readonly StringBuilder _said = new();

    Dbatch(Process process)
    {
        _process = process;
        _out = process.StandardOutput.ReadToEndAsync();
        _error = ReadErrorAsync();
    }

    /// <summary>The program that runs .NET assemblies on this machine.</summary>
    public static string Host { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..",
            OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>The built assembly.</summary>
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "dbatch.dll");

    /// <summary>Starts it with arguments in a folder.</summary>
    public static Dbatch Start(string folder, params string[] arguments) => Start(folder, null, arguments);

    /// <summary>Starts it with text on its standard input.</summary>
    public static Dbatch Start(string folder, string? input, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Host, [Assembly, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Remove("DBATCH_DEBUG");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start)!;
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new Dbatch(process);
    }

    /// <summary>Runs it to its end.</summary>
    public static Task<Ended> RunAsync(string folder, params string[] arguments) => RunAsync(folder, null, arguments);

    /// <summary>Runs it to its end with text on its standard input.</summary>
    public static async Task<Ended> RunAsync(string folder, string? input, string[] arguments)
    {
        using Dbatch dbatch = Start(folder, input, arguments);
        return await dbatch.EndAsync();
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Sends a signal by its name, such as <c>INT</c>.</summary>
    public void Signal(string name) => Machine.Signal(_process.Id, name);

    /// <summary>Waits until standard error has said something.</summary>
    public Task SaysAsync(string text)
    {
        lock (_said)
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_said.ToString().Contains(text, StringComparison.Ordinal)) source.SetResult();
            else _awaited[text] = source;
            return source.Task.WaitAsync(s_limit);
        }
    }

    /// <summary>Waits for its end.</summary>
    public async Task<Ended> EndAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        await _process.WaitForExitAsync(limit.Token);
        return new Ended(_process.ExitCode, await _out, await _error);
    }

    async Task<string> ReadErrorAsync()
    {
        var buffer = new char[4096];
        for (int read; (read = await _process.StandardError.ReadAsync(buffer)) > 0;)
        {
            lock (_said)
            {
                _said.Append(buffer, 0, read);
                string said = _said.ToString();
                foreach (var (text, source) in _awaited)
                    if (said.Contains(text, StringComparison.Ordinal)) source.TrySetResult();
            }
        }
        return _said.ToString();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    /// <summary>How it ended and what it wrote.</summary>
    internal sealed record Ended(int ExitCode, string Out, string Error);
}
