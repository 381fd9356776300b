namespace Snapshots.Silo.Settings;

/// <summary>
/// The configuration below the command line: <c>appsettings.json</c> beside the program, then the environment.
/// </summary>
internal static class SettingsConfiguration
{
    private const string FileName = "appsettings.json";

    /// <summary>Reads the section of the settings.</summary>
    /// <exception cref="InvalidSettingException">The file cannot be read, or a key is unknown.</exception>
    public static IConfigurationSection Read()
    {
        var section = Load().GetSection(Setting.Section);
        foreach (var child in section.GetChildren())
        {
            // A value under a misspelt key would be ignored in silence.
            var isKnown = Setting.All.Any(s => s.Key.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (!isKnown || child.GetChildren().Any())
                throw new InvalidSettingException($"{child.Path} is not a setting that this program knows.");
        }

        return section;
    }

    private static IConfigurationRoot Load()
    {
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(AppContext.BaseDirectory)
                .AddJsonFile(FileName, optional: true, reloadOnChange: false)
                .AddEnvironmentVariables()
                .Build();
        }
        catch (Exception exception)
            when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            var path = Path.Combine(AppContext.BaseDirectory, FileName);
            var reason = exception.GetBaseException().Message;
            throw new InvalidSettingException($"The configuration file {path} cannot be read: {reason}", exception);
        }
    }
}
