using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace DiffusionBatch.LocalHost.Processes;

/// <summary>
/// Starts child processes so that none outlives this one. On Linux, where util-linux is there, a child is a session of
/// its own (a Ctrl-C on the terminal reaches this process alone, which then stops the children in order) and is sent
/// SIGTERM should this process be killed. That signal comes when the thread that started the child ends, so that one
/// thread, which lives as long as the process, starts them all.
/// </summary>
internal static class ProcessSpawner
{
    static readonly Lazy<BlockingCollection<Action>> s_work = new(StartThread);
    static readonly Lazy<bool> s_canGuard = new(
        () => OperatingSystem.IsLinux() && Runs("setpriv", "--pdeathsig", "TERM", "setsid", "true"));

    /// <summary>Starts a process.</summary>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static async Task StartAsync(Process process)
    {
        if (s_canGuard.Value)
        {
            string program = process.StartInfo.FileName;
            string[] arguments = [.. process.StartInfo.ArgumentList];
            process.StartInfo.FileName = "setpriv";
            process.StartInfo.ArgumentList.Clear();
            foreach (string argument in (string[])["--pdeathsig", "TERM", "setsid", program, .. arguments])
                process.StartInfo.ArgumentList.Add(argument);
        }
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        s_work.Value.Add(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException)
            {
                started.SetException(e);
            }
        });
        await started.Task;
    }

    static BlockingCollection<Action> StartThread()
    {
        var work = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (Action start in work.GetConsumingEnumerable()) start();
        })
        {
            IsBackground = true,
            Name = "processes",
        };
        thread.Start();
        return work;
    }

    static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
