using System.Reflection;
using TorchSharp;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Api;

/// <summary>The stand-in is a strict subset of the library: whatever it shows, the library shows to the letter.</summary>
public sealed class SurfaceTests
{
    static HashSet<string> Listing()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("TorchSharp.listing.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    [Fact]
    public void Every_public_member_is_in_the_library()
    {
        HashSet<string> listing = Listing();
        string[] extra = ApiSurface.Of(typeof(torch).Assembly).Where(line => !listing.Contains(line)).ToArray();
        Assert.True(extra.Length == 0, $"{extra.Length} members are not in the library:\n{string.Join('\n', extra)}");
    }

    [Fact]
    public void The_listing_is_that_of_the_library()
    {
        string path = SharedData.Require("reference/api/TorchSharp-0.106.txt");
        var real = new HashSet<string>(File.ReadLines(path), StringComparer.Ordinal);
        Assert.DoesNotContain(Listing(), line => !real.Contains(line));
    }

    [Fact]
    public void A_surface_of_some_size_is_compared() => Assert.True(ApiSurface.Of(typeof(torch).Assembly).Count > 700);
}
