using DiffusionBatch.Diffusion.Runtime;

namespace DiffusionBatch.Diffusion.Tests.Runtime;

/// <summary>The package's own shim, mended for systems of several ages: what its symbol table says afterwards.</summary>
public sealed class ShimMenderTests
{
    const string Newest = "GLIBCXX_3.4.32", Waits = "GLIBCXX_3.4.30", Oldest = "GLIBCXX_3.4.11", Marker = "_ZSt21ios_base_library_initv";

    static readonly byte[] s_shim = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));

    public static bool OnLinux => OperatingSystem.IsLinux();

    [Fact(SkipUnless = nameof(OnLinux), Skip = "The shim is an ELF file on Linux alone.")]
    public void A_system_with_all_versions_needs_no_mending()
    {
        var (image, shim) = Copy();
        Assert.Equal((false, 0), Result(ShimMender.Mend(shim, All())));
        Assert.Equal(s_shim, image);
    }

    [Theory(SkipUnless = nameof(OnLinux), Skip = "The shim is an ELF file on Linux alone.")]
    [InlineData(Newest)] // Debian 12, Ubuntu 22.04
    [InlineData(Newest, Waits)] // RHEL 9
    public void An_older_system_is_asked_for_what_it_has(params string[] lacking)
    {
        var (image, shim) = Copy();
        var before = shim.Needed(ShimMender.Library);
        Assert.Equal((true, 0), Result(ShimMender.Mend(shim, All(lacking))));

        var after = new ElfLibrary(image).Needed(ShimMender.Library);
        Assert.Equal(before.Select(v => lacking.Contains(v.Name) ? Oldest : v.Name), after.Select(v => v.Name));
        Assert.Equal(before.Select(v => v.Index), after.Select(v => v.Index));
        var marker = after[before.ToList().FindIndex(v => v.Name == Newest)];
        Assert.Equal([(Marker, true)], shim.Symbols(marker));
        // Nothing else may be absent that had to be there.
        foreach (var version in after.Where(v => v.Index != marker.Index))
            Assert.Equal(new ElfLibrary(s_shim).Symbols(version), shim.Symbols(version));
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = "The shim is an ELF file on Linux alone.")]
    public void What_nothing_can_stand_in_for_is_named()
    {
        var (_, shim) = Copy();
        Assert.Equal(["GLIBCXX_3.4.29"], ShimMender.Mend(shim, All(Newest, "GLIBCXX_3.4.29")).Missing);
        (_, shim) = Copy();
        Assert.Equal([Newest], ShimMender.Mend(shim, All(Newest, Oldest)).Missing.Except([Oldest]));
    }

    [Fact]
    public void Other_files_are_refused() => Assert.Throws<InvalidDataException>(() => new ElfLibrary(new byte[100]));

    [Theory]
    [InlineData(null, "another C library")]
    [InlineData("2.28", "glibc 2.34 or later")]
    [InlineData("2.34", null)]
    [InlineData("2.41", null)]
    public void Systems_that_cannot_load_libtorch_are_told_what_can(string? glibc, string? message)
    {
        if (message is null) Assert.Null(NativeShim.Objection(glibc));
        else Assert.Contains(message, NativeShim.Objection(glibc));
    }

    static (byte[] Image, ElfLibrary Shim) Copy()
    {
        byte[] image = [.. s_shim];
        return (image, new ElfLibrary(image));
    }

    static HashSet<string> All(params string[] lacking) =>
        [.. new ElfLibrary(s_shim).Needed(ShimMender.Library).Select(v => v.Name).Except(lacking)];

    static (bool, int) Result((bool Changed, IReadOnlyList<string> Missing) mended) => (mended.Changed, mended.Missing.Count);
}
