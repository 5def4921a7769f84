namespace DiffusionBatch.Diffusion.Runtime;

/// <summary>
/// Makes TorchSharp's native shim (libLibTorchSharp.so) loadable where the system's libstdc++ is older than the one that it was
/// linked with. Two of the versions that it asks for can be had from older ones:
/// <list type="bullet">
/// <item>GLIBCXX_3.4.32 for <c>std::ios_base_library_init</c>, which only marks that the library sets up its streams itself and
/// is never called: it becomes weak, and its version an older one.</item>
/// <item>GLIBCXX_3.4.30 for <c>std::condition_variable::wait</c>, which GLIBCXX_3.4.11 has as well.</item>
/// </list>
/// </summary>
static class ShimMender
{
    /// <summary>The library whose versions are looked at.</summary>
    public const string Library = "libstdc++.so.6";

    const string Oldest = "GLIBCXX_3.4.11";

    /// <summary>Mends a library in place.</summary>
    /// <param name="shim">The library.</param>
    /// <param name="versions">The versions that the system's libstdc++ defines.</param>
    /// <returns>Whether anything was changed, and the versions that are missing still: none where it can be loaded.</returns>
    public static (bool Changed, IReadOnlyList<string> Missing) Mend(ElfLibrary shim, IReadOnlySet<string> versions)
    {
        var needed = shim.Needed(Library);
        var older = versions.Contains(Oldest) ? needed.FirstOrDefault(v => v.Name == Oldest) : null;
        var (changed, missing) = (false, new List<string>());
        foreach (var version in needed)
        {
            if (versions.Contains(version.Name)) continue;
            if (older is null || version.Name is not ("GLIBCXX_3.4.32" or "GLIBCXX_3.4.30"))
            {
                missing.Add(version.Name);
                continue;
            }
            if (version.Name == "GLIBCXX_3.4.32") shim.Weaken(version);
            shim.Replace(version, older);
            changed = true;
        }
        return (changed, missing);
    }
}
