using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;
using DiffusionBatch.Functions.Hosting;

namespace DiffusionBatch.Functions.Dashboard;

/// <summary>The dashboard's files, as they were bundled into this build.</summary>
internal static class DashboardFiles
{
    static readonly FrozenDictionary<string, DashboardFile> s_files = new Dictionary<string, DashboardFile>(StringComparer.Ordinal)
    {
        ["dashboard.js"] = new(Read("dashboard-page.js"), "text/javascript; charset=utf-8"),
        ["dashboard.css"] = new(Read("dashboard-style.css"), "text/css; charset=utf-8"),
        ["icon.svg"] = new(Read("dashboard-icon.svg"), "image/svg+xml"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The page. It names the other files with their versions, so that they can be kept for ever.</summary>
    public static DashboardFile Page { get; } = new(Versioned(Read("dashboard-page.html")), "text/html; charset=utf-8");

    /// <summary>A file by its name, or null.</summary>
    public static DashboardFile? Find(string name) => s_files.GetValueOrDefault(name);

    static byte[] Versioned(byte[] page)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(page));
        foreach (var (name, file) in s_files) text.Replace($"/dashboard/{name}\"", $"/dashboard/{name}?v={file.Version}\"");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static byte[] Read(string name)
    {
        using Stream resource = typeof(DashboardFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not in this build.");
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}

/// <summary>A file of the dashboard.</summary>
/// <param name="content">Its bytes.</param>
/// <param name="mediaType">What they are.</param>
internal sealed class DashboardFile(byte[] content, string mediaType)
{
    readonly Lazy<byte[]> _compressed = new(() => Compressed(content));

    /// <summary>Its bytes.</summary>
    public byte[] Content => content;

    /// <summary>Its bytes by Brotli (RFC 7932).</summary>
    public byte[] Brotli => _compressed.Value;

    /// <summary>What they are.</summary>
    public string MediaType => mediaType;

    /// <summary>What tells it from the same file of other builds.</summary>
    public string Version { get; } = EntityTag.Digest(content);

    static byte[] Compressed(byte[] content)
    {
        var bytes = new MemoryStream();
        using (var brotli = new BrotliStream(bytes, CompressionLevel.Optimal, leaveOpen: true)) brotli.Write(content);
        return bytes.ToArray();
    }
}
