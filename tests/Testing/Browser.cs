using Microsoft.Playwright;

namespace DiffusionBatch.Testing;

/// <summary>Debian's Chromium, driven by Playwright; tests skip where it is absent.</summary>
public sealed class Browser : IAsyncLifetime
{
    static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
    static readonly string[] s_arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    IPlaywright? _playwright;
    IBrowser? _chromium;

    /// <summary>The browser; skips the test, or with DBATCH_TEST_REQUIRE=all fails it, where there is none.</summary>
    public async Task<IBrowser> ChromiumAsync()
    {
        if (_chromium is not null) return _chromium;
        string? executable = s_places.FirstOrDefault(File.Exists);
        if (executable is null) Machine.Lacks($"Chromium is needed at {s_places[0]} (Debian: apt-get install chromium).");
        _playwright = await Playwright.CreateAsync();
        return _chromium = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = s_arguments });
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        _playwright?.Dispose();
    }
}
