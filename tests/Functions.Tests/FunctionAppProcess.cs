using System.Diagnostics;

namespace DiffusionBatch.Functions.Tests;

/// <summary>The function app as its users run it: a process of its own on a free loopback port, stopped with the test.</summary>
public sealed class FunctionAppProcess : IAsyncLifetime
{
    readonly Process _process = new();

    /// <summary>A client whose base address is the app's.</summary>
    public HttpClient Client { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        string app = Path.Combine(AppContext.BaseDirectory, "DiffusionBatch.Functions.dll");
        _process.StartInfo = new ProcessStartInfo("dotnet", [app, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process.OutputDataReceived += (_, line) =>
        {
            const string marker = "Now listening on: ";
            if (line.Data?.IndexOf(marker, StringComparison.Ordinal) is int at and >= 0) listening.TrySetResult(line.Data[(at + marker.Length)..].Trim());
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client.BaseAddress = new Uri(await listening.Task.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
