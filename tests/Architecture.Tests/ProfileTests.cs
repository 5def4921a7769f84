using System.Xml.Linq;

namespace DiffusionBatch.Architecture.Tests;

/// <summary>Both profiles are wired in one file; the cloud one cannot be restored everywhere, so its wiring is read.</summary>
public sealed class ProfileTests
{
    static readonly XDocument Profiles = XDocument.Load(Path.Combine(SharedData.RepositoryRoot, "build", "Profiles.targets"));

    [Fact]
    public void Each_stand_in_has_its_package_in_the_cloud_profile()
    {
        var standIns = Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "src", "Embedded"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension);
        var packages = Items("cloud", "PackageReference").Select(e => e.Attribute("Include")!.Value).ToArray();
        Assert.Empty(standIns.Except(packages));
    }

    [Fact]
    public void Each_cloud_version_is_a_property_that_the_command_line_can_set()
    {
        var properties = Profiles.Descendants("PropertyGroup").Elements().ToDictionary(e => e.Name.LocalName, e => e.Attribute("Condition")?.Value);
        foreach (var package in Items("cloud", "PackageReference"))
        {
            string version = package.Attribute("VersionOverride")!.Value;
            Assert.Matches(@"^\$\(\w+\)$", version);
            Assert.Equal($"'{version}' == ''", properties[version[2..^1]]);
        }
    }

    [Fact]
    public void Each_need_is_met_in_both_profiles()
    {
        static IEnumerable<string> Needs(IEnumerable<XElement> items) => items.Select(e => e.Attribute("Condition")!.Value.Split(' ')[0]).Distinct();
        Assert.Equal(Needs(Items("embedded", "ProjectReference")).Order(), Needs(Items("cloud", "PackageReference")).Order());
    }

    static IEnumerable<XElement> Items(string profile, string kind) =>
        Profiles.Descendants("ItemGroup").Where(g => g.Attribute("Condition")!.Value.Contains($"== '{profile}'", StringComparison.Ordinal)).Elements(kind);
}
