using System.Diagnostics;

namespace DiffusionBatch.Testing;

/// <summary>
/// A private PostgreSQL server from the machine's binaries: a temporary folder, a free port of the loopback address,
/// an unprivileged user (the server refuses root).
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    readonly string _binaries;
    readonly string _folder = Path.Combine(Path.GetTempPath(), "dbatch-postgres-" + Guid.NewGuid().ToString("N"));
    readonly int _port;
    bool _running;

    PostgresServer(string binaries, int port) => (_binaries, _port) = (binaries, port);

    /// <summary>The connection string of a database of this server.</summary>
    public string Connection(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=dbatch;Database={database};Maximum Pool Size=40;Timeout=5";

    /// <summary>Makes and starts a server; null where there are no binaries.</summary>
    public static async Task<PostgresServer?> StartNewAsync()
    {
        if (Binaries() is not { } binaries) return null;
        var server = new PostgresServer(binaries, Machine.FreePort());
        Directory.CreateDirectory(server._folder);
        if (Environment.IsPrivilegedProcess) await Run("chown", User, server._folder);
        await server.RunAsync("initdb", "-D", server.Data, "-U", "dbatch", "-A", "trust", "--no-sync", "--encoding=UTF8",
            "--locale=C.UTF-8");
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it (again).</summary>
    public async Task StartAsync()
    {
        await RunAsync(
            "pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_folder, "log"),
            "-o", $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c fsync=off -c max_connections=200");
        _running = true;
    }

    /// <summary>Stops it: whoever is connected is thrown out.</summary>
    public async Task StopAsync()
    {
        await RunAsync("pg_ctl", "stop", "-w", "-m", "fast", "-D", Data);
        _running = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_running) await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    string Data => Path.Combine(_folder, "data");

    static string User { get; } = File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal))
        ? "postgres"
        : "nobody";

    Task RunAsync(string program, params string[] arguments)
    {
        string full = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess ? Run("runuser", ["-u", User, "--", full, .. arguments]) : Run(full, arguments);
    }

    static async Task Run(string program, params string[] arguments)
    {
        // pg_ctl hands its output on to the server, that never closes it: so it isn't redirected.
        var start = new ProcessStartInfo("sh",
            ["-c", "exec \"$@\" >/dev/null 2>\"$0\"", Path.GetTempFileName(), program, .. arguments])
        { WorkingDirectory = "/tmp" };
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        string errors = await File.ReadAllTextAsync(start.ArgumentList[2]);
        File.Delete(start.ArgumentList[2]);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors}");
    }

    static string? Binaries()
    {
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> folders = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).OrderByDescending(d => int.TryParse(Path.GetFileName(d), out int version) ? version : 0)
                .Select(d => Path.Combine(d, "bin"))
            : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_ctl")));
    }
}
