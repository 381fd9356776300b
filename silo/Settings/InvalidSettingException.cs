namespace Snapshots.Silo.Settings;

/// <summary>
/// An option is unknown or has a bad value. The message is one line that names it and says what it may be.
/// </summary>
internal sealed class InvalidSettingException(string message, Exception? innerException = null)
    : Exception(message, innerException);
