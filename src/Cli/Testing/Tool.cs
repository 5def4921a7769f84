using System.Diagnostics;
using System.Text;
using DiffusionBatch.LocalHost.Processes;

namespace DiffusionBatch.Cli.Testing;

/// <summary>Runs another program and keeps what it writes.</summary>
internal static class Tool
{
    /// <summary>Runs <c>dotnet</c>: the one that runs this program.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the program and its children were ended.</exception>
    public static Task<(int ExitCode, string Output)> DotnetAsync(
        string folder, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(Dotnet.Host, folder, arguments, cancellationToken);

    /// <summary>Runs a program with arguments; standard output and error come together, in the order of arrival.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the program and its children were ended.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        var output = new StringBuilder();
        void Keep(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is null) return;
            lock (output) output.Append(e.Data).Append('\n');
        }
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, output.ToString());
    }
}
