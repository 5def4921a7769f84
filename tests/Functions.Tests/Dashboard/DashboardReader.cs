using Microsoft.Playwright;

namespace DiffusionBatch.Functions.Tests.Dashboard;

/// <summary>A browser at the dashboard. Disposed, it says whether anything went wrong: an error, or a request to another server.</summary>
internal sealed class DashboardReader : IAsyncDisposable
{
    readonly IBrowserContext _context;

    DashboardReader(IBrowserContext context, IPage page, List<string> errors) => (_context, Page, Errors) = (context, page, errors);

    public IPage Page { get; }

    /// <summary>What the browser complained of.</summary>
    public List<string> Errors { get; }

    /// <summary>Opens a view; returns once it stands.</summary>
    public static async Task<DashboardReader> OpenAsync(
        Browser browser, ApiHost api, string view, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool waits = true)
    {
        IBrowser chromium = await browser.ChromiumAsync();
        IBrowserContext context = await chromium.NewContextAsync(
            new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        IPage page = await context.NewPageAsync();
        List<string> errors = [];
        string origin = api.Client.BaseAddress!.ToString();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) => { if (message.Type is "error" or "warning") errors.Add(message.Text); };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(origin, StringComparison.Ordinal))
                errors.Add("asked for " + request.Url);
        };
        await page.GotoAsync($"{origin}dashboard#{view}");
        if (waits) await page.Locator("html[data-ready]").WaitForAsync();
        return new DashboardReader(context, page, errors);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(Errors);
    }
}
