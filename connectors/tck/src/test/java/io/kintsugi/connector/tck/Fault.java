package io.kintsugi.connector.tck;

/** A way to break the contract, and the test that finds it. */
enum Fault {
    NONE(""),
    LOSES_A_CHANGE_AT_THE_BOUNDARY("fromTheEarliestPositionEveryRecordComes"),
    TELLS_A_PAGE_TWICE("everyRecordComesOnceWhateverThePageSize"),
    FORGETS_TO_OFFER_SNAPSHOTS("aFacetIsThereExactlyIfSomeStreamDeclaresItsUse"),
    OVERWRITES_FIELDS_NOBODY_NAMED("anUpdateChangesOnlyTheFieldsItNames"),
    ANSWERS_ONLY_THE_OPS_THAT_WORKED("oneBadOpInABatchDoesNotHideTheOthers"),
    CALLS_UNKNOWN_IDS_DELETED("everyIdAskedGetsAnAnswerAndAnUnknownOneIsNotADelete"),
    READS_FOREIGN_POSITIONS("aPositionOfAnotherConnectorOrALaterFormatIsRefused"),
    DECLARES_ARCHIVING_IT_REFUSES("anArchivedRecordIsKnownToBeGone"),
    TAKES_STALE_UPDATES("anUpdateThatExpectedSomethingElseIsAConflict"),
    TAKES_STALE_DELETES("aDeleteThatExpectedSomethingElseIsAConflict"),
    FILES_LATE_COMMITS_UNDER_THEIR_BEGINNING("aChangeThatCommitsLateIsStillSeen"),
    CREATES_A_REPEATED_KEY_AGAIN("theSameLinkKeyTwiceIsADuplicate"),
    TAKES_A_REFUSED_CALL_FOR_NO_NEWS("aReadTooManyIsRateLimitedAndTheNextPollTellsAll"),
    KEEPS_A_PAUSE_TO_ITSELF("aReadTooManyIsRateLimitedAndTheNextPollTellsAll"),
    CALLS_SOMETIMES_WITHOUT_ASKING_THE_GATE("everyCallAsksTheGateOfADeclaredQuota"),
    CALLS_A_CUT_WRITE_NOT_ATTEMPTED("aBatchCutAfterACommitSaysWhatIsUnknown"),
    WRITES_ON_AFTER_THE_DEADLINE("aBatchStopsAtItsDeadline"),
    LOSES_DELETES_OF_A_RECORD_JUST_CREATED("aReaderHoldsExactlyTheRecordsThatAreThere"),
    TELLS_A_DELETE_AFTER_THE_RECREATION("aRecordDeletedAndCreatedAgainIsThereInTheEnd"),
    LOSES_DELETES_WHILE_A_SNAPSHOT_IS_READ("aDeleteBetweenNowAndTheEndOfASnapshotIsNotLost"),
    CALLS_A_FORGOTTEN_POSITION_QUIET("aPositionTheSystemForgotIsExpiredAndNotQuiet"),
    UNDELETES_NOTHING("anUndeletedRecordIsBack"),
    UNDELETES_UNDER_A_NEW_ID("anUndeletedRecordIsBack"),
    MERGES_THE_FIRST_LOSER_ONLY("asManyLosersAsDeclaredBecomeOneInOneCall"),
    SAYS_THAT_ALL_LOSERS_WERE_MERGED("aLoserThatIsNotThereIsNeverSaidToBeMerged"),
    FORGETS_WHAT_IT_MERGED("aLoserComesBackIfDeclared"),
    MERGES_BUT_KEEPS_THE_LOSER("twoRecordsBecomeOneByTheDeclaredRules"),
    FOLLOWS_ONE_MERGE_ONLY("aChainOfMergesLeadsToTheLastSurvivor"),
    TELLS_MERGES_AS_DELETES("aUsersMergeComesWithSurvivorAndLosersAndLeavesOneRecord"),
    BLAMES_EVERY_FIELD_FOR_DRIFT("aRemovedFieldIsTheOnlyOneThatDrifts"),
    READS_RENAMED_FIELDS_AS_EMPTY("aRenamedFieldDriftsUnderItsOldNameAndIsDiscoveredUnderItsNewOne"),
    KEEPS_THE_FINGERPRINT_WHEN_A_TYPE_CHANGES("aFieldOfAnotherTypeIsDiscovered"),
    DECLARES_LINKS("nothingIsDeclaredThatNoContractProves");

    final String foundBy;

    Fault(String foundBy) {
        this.foundBy = foundBy;
    }
}
