using System.Globalization;
using System.Runtime.InteropServices;

namespace DiffusionBatch.Cli.Corpus;

/// <summary>The .NET SDK of this machine: where its folder is and which languages its messages are translated to.</summary>
internal sealed class DotnetSdk
{
    DotnetSdk(string folder) => Folder = folder;

    /// <summary>The SDK's folder, such as <c>dotnet/sdk/10.0.100</c>.</summary>
    public string Folder { get; }

    /// <summary>The SDK's version: its folder's name.</summary>
    public string Version => Path.GetFileName(Folder);

    /// <summary>The newest SDK beside the runtime that runs this program.</summary>
    /// <exception cref="UserException">No SDK is there.</exception>
    public static DotnetSdk Find()
    {
        // .../dotnet/shared/Microsoft.NETCore.App/10.0.0/ -> .../dotnet/sdk
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "sdk"));
        string? newest = Directory.Exists(root)
            ? Directory.EnumerateDirectories(root).Where(d => Order(d) is not null).OrderBy(Order).ThenBy(d => d, StringComparer.Ordinal)
                .LastOrDefault()
            : null;
        return newest is null
            ? throw new UserException($"no .NET SDK in {root}: install the .NET 10 SDK (https://dot.net/download)")
            : new DotnetSdk(newest);
    }

    /// <summary>The languages that have satellite assemblies, such as <c>de</c> or <c>pt-BR</c>, in ordinal order.</summary>
    public IReadOnlyList<string> Languages() =>
        [.. Directory.EnumerateFiles(Folder, "*.resources.dll", SearchOption.AllDirectories)
            .Select(f => Path.GetFileName(Path.GetDirectoryName(f)!))
            .Where(IsCulture).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Each satellite assembly of a language with the assembly whose messages it translates, in ordinal order.</summary>
    public IEnumerable<(string Neutral, string Satellite)> Satellites(string language)
    {
        const string suffix = ".resources.dll";
        foreach (string satellite in Directory.EnumerateFiles(Folder, "*" + suffix, SearchOption.AllDirectories)
                     .Where(f => Path.GetFileName(Path.GetDirectoryName(f)!) == language).Order(StringComparer.Ordinal))
        {
            string folder = Path.GetDirectoryName(Path.GetDirectoryName(satellite))!;
            string name = Path.GetFileName(satellite)[..^suffix.Length];
            foreach (string extension in (string[])[".dll", ".exe"])
            {
                string neutral = Path.Combine(folder, name + extension);
                if (!File.Exists(neutral)) continue;
                yield return (neutral, satellite);
                break;
            }
        }
    }

    /// <summary>
    /// The XML files beside the reference assemblies, of each pack's newest version, and the SDK's own, in ordinal order.
    /// </summary>
    public IEnumerable<string> Documentation()
    {
        string packs = Path.GetFullPath(Path.Combine(Folder, "..", "..", "packs"));
        IEnumerable<string> references = Directory.Exists(packs)
            ? Directory.EnumerateDirectories(packs, "*.Ref")
                .Select(pack => Directory.EnumerateDirectories(pack).Where(v => Order(v) is not null)
                .OrderBy(Order).ThenBy(v => v, StringComparer.Ordinal).LastOrDefault()).OfType<string>()
                .Select(version => Path.Combine(version, "ref")).Where(Directory.Exists)
            : [];
        return references.Append(Folder).SelectMany(f => Directory.EnumerateFiles(f, "*.xml", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal);
    }

    static bool IsCulture(string name) =>
        name.Length is >= 2 and <= 12 && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    static Version? Order(string folder)
    {
        string[] parts = Path.GetFileName(folder).Split('-')[0].Split('.');
        return parts.Length == 3 && parts.All(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? System.Version.Parse(string.Join('.', parts)) : null;
    }
}
