using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Hosting.Http;

/// <summary>Where the host listens, and whether that can be reached from other machines.</summary>
internal static class ListenAddresses
{
    /// <summary>Refuses to open the app to other machines without keys.</summary>
    /// <exception cref="InvalidOperationException">It would be open.</exception>
    public static void Demand(IConfiguration configuration, AccessKeys keys)
    {
        if (keys.Exist) return;
        IEnumerable<string> urls = (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? ""));
        if (urls.FirstOrDefault(url => url.Length > 0 && !IsLoopback(BindingAddress.Parse(url).Host)) is { } open)
            throw new InvalidOperationException($"{open} can be reached from other machines and no access key is set: set FunctionKeys__default (and MasterKey) to secrets of your own, or listen on http://127.0.0.1 alone.");
    }

    /// <summary>Whether a host's name or address is this machine's own.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address);

    /// <summary>Whether an address is this machine's own; an unknown one isn't.</summary>
    public static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);
}
