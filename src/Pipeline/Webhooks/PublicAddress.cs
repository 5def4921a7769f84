using System.Net;
using System.Net.Sockets;

namespace DiffusionBatch.Pipeline.Webhooks;

/// <summary>Tells addresses of the public Internet from this machine's, its network's and the cloud's own.</summary>
internal static class PublicAddress
{
    // IANA's registries of special-purpose addresses: what isn't globally reachable.
    static readonly IPNetwork[] s_special =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10",
            "ff00::/8",
            "168.63.129.16/32", // Azure's own services, as a virtual machine sees them
        ]).Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>Whether an address may be connected to.</summary>
    public static bool IsPublic(IPAddress address)
    {
        IPAddress meant = Embedded(address) ?? address;
        return meant.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
            && !Array.Exists(s_special, network => network.Contains(meant));
    }

    // IPv4 addresses that IPv6 ones carry: mapped, 6to4 (RFC 3056) and NAT64 (RFC 6052, 8215).
    static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return null;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        byte[] bytes = address.GetAddressBytes();
        if (bytes is [0x20, 0x02, ..]) return new IPAddress(bytes.AsSpan(2, 4));
        if (bytes is [0x00, 0x64, 0xff, 0x9b, ..]) return new IPAddress(bytes.AsSpan(12, 4));
        return bytes.AsSpan(0, 12).ContainsAnyExcept((byte)0) ? null : new IPAddress(bytes.AsSpan(12, 4));
    }
}
