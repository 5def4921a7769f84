using System.Net;
using System.Net.Sockets;

namespace DiffusionBatch.LocalHost.Processes;

/// <summary>Ports of the loopback address.</summary>
public static class Ports
{
    /// <summary>The wanted port where it is free, else one that is.</summary>
    public static int Free(int wanted = 0)
    {
        try
        {
            return Bind(wanted);
        }
        catch (SocketException) when (wanted != 0)
        {
            return Bind(0);
        }
    }

    /// <summary>Waits until something listens on a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="ended">Completed where waiting is in vain.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>False: <paramref name="ended"/> came first.</returns>
    public static async Task<bool> ListensAsync(int port, Task ended, CancellationToken cancellationToken)
    {
        while (!ended.IsCompleted)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
        return false;
    }

    static int Bind(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
