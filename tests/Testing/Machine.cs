using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace DiffusionBatch.Testing;

/// <summary>What this machine has, and how tests ask for it.</summary>
public static class Machine
{
    /// <summary>The full path of a program on the PATH, or null.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>The runtime linker's way to a library, or null where it isn't installed.</summary>
    public static string? Library(string name) => ((string[])["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64"])
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Skips the test, or fails it where nothing may be skipped (DBATCH_TEST_REQUIRE=all).</summary>
    [DoesNotReturn]
    public static void Lacks(string what)
    {
        if (Environment.GetEnvironmentVariable("DBATCH_TEST_REQUIRE") == "all")
            Assert.Fail(what + " DBATCH_TEST_REQUIRE=all says that nothing may be skipped.");
        Assert.Skip(what);
    }

    /// <summary>A port of the loopback address that nothing listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Whether something listens on a port of the loopback address.</summary>
    public static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Sends a process a signal by its name, such as <c>INT</c>.</summary>
    public static void Signal(int process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process}"]);
        kill.WaitForExit();
    }
}
