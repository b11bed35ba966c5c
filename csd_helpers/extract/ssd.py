"""The Standard Safeguarding Dataset: where its tables keep what the workbook's tables hold."""

#: Canonical table -> (SSD table, {canonical column: SSD column}). Source: the Standard Safeguarding
#: Dataset's published data objects (Data to Insight), release 1.3 and later.
SSD_TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "children": ("ssd_person", {
        "LAchildID": "pers_person_id", "PersonBirthDate": "pers_dob", "GenderCurrent": "pers_sex",
        "Ethnicity": "pers_ethnicity"}),
    "contacts": ("ssd_contacts", {
        "LAchildID": "cont_person_id", "contact_date": "cont_contact_date",
        "source": "cont_contact_source_code"}),
    "early_help": ("ssd_early_help_episodes", {
        "LAchildID": "earl_person_id", "start_date": "earl_episode_start_date",
        "end_date": "earl_episode_end_date"}),
    "cin_details": ("ssd_cin_episodes", {
        "LAchildID": "cine_person_id", "CINreferralDate": "cine_referral_date",
        "ReferralSource": "cine_referral_source_code", "PrimaryNeedCode": "cine_cin_primary_need_code",
        "CINclosureDate": "cine_close_date", "ReasonForClosure": "cine_close_reason",
        "ReferralNFA": "cine_referral_nfa"}),
    "assessments": ("ssd_cin_assessments", {
        "LAchildID": "cina_person_id", "AssessmentActualStartDate": "cina_assessment_start_date",
        "AssessmentAuthorisationDate": "cina_assessment_auth_date"}),
    "section47": ("ssd_s47_enquiry", {
        "LAchildID": "s47e_person_id", "S47ActualStartDate": "s47e_s47_start_date",
        "enquiry": "s47e_s47_enquiry_id"}),
    "conferences": ("ssd_initial_cp_conference", {
        "LAchildID": "icpc_person_id", "enquiry": "icpc_s47_enquiry_id",
        "DateOfInitialCPC": "icpc_icpc_date"}),
    "cp_plans": ("ssd_cp_plans", {
        "LAchildID": "cppl_person_id", "CPPstartDate": "cppl_cp_plan_start_date",
        "CPPendDate": "cppl_cp_plan_end_date", "InitialCategoryOfAbuse": "cppl_cp_plan_initial_category",
        "LatestCategoryOfAbuse": "cppl_cp_plan_latest_category", "plan": "cppl_cp_plan_id",
        "elsewhere": "cppl_cp_plan_ola"}),
    "cp_reviews": ("ssd_cp_reviews", {
        "LAchildID": "cppr_person_id", "plan": "cppr_cp_plan_id", "CPPreviewDate": "cppr_cp_review_date"}),
    "cp_visits": ("ssd_cp_visits", {
        "LAchildID": "cppv_person_id", "visit_date": "cppv_cp_visit_date", "seen": "cppv_cp_visit_seen"}),
    "cla_visits": ("ssd_cla_visits", {
        "LAchildID": "clav_person_id", "visit_date": "clav_cla_visit_date", "seen": "clav_cla_visit_seen"}),
    "cin_visits": ("ssd_cin_visits", {
        "LAchildID": "cinv_person_id", "visit_date": "cinv_cin_visit_date", "seen": "cinv_cin_visit_seen"}),
    "cla_episodes": ("ssd_cla_episodes", {
        "CHILD": "clae_person_id", "DECOM": "clae_cla_episode_start_date",
        "RNE": "clae_cla_episode_start_reason", "CIN": "clae_cla_primary_need_code",
        "DEC": "clae_cla_episode_ceased_date", "REC": "clae_cla_episode_ceased_reason",
        "placement": "clae_cla_placement_id", "care": "clae_cla_id"}),
    "placements": ("ssd_cla_placement", {
        "placement": "clap_cla_placement_id", "PLACE": "clap_cla_placement_type",
        "PLACE_PROVIDER": "clap_cla_placement_provider", "PL_POST": "clap_cla_placement_postcode",
        "URN": "clap_cla_placement_urn", "PL_DISTANCE": "clap_cla_placement_distance",
        "REASON_PLACE_CHANGE": "clap_cla_placement_change_reason"}),
    "legal_status": ("ssd_legal_status", {
        "CHILD": "lega_person_id", "LS": "lega_legal_status", "from": "lega_legal_status_start_date",
        "until": "lega_legal_status_end_date"}),
    "cla_reviews": ("ssd_cla_reviews", {
        "care": "clar_cla_id", "REVIEW": "clar_cla_review_date",
        "REVIEW_CODE": "clar_cla_review_participation", "cancelled": "clar_cla_review_cancelled"}),
    "health": ("ssd_cla_health", {
        "CHILD": "clah_person_id", "kind": "clah_health_check_type",
        "assessment_date": "clah_health_check_date"}),
    "adoption": ("ssd_permanence", {
        "CHILD": "perm_person_id", "DATE_INT": "perm_adm_decision_date", "DATE_MATCH": "perm_matched_date",
        "DATE_PLACED": "perm_placed_for_adoption_date"}),
    "care_leavers": ("ssd_care_leavers", {
        "CHILD": "clea_person_id", "current_IN_TOUCH": "clea_care_leaver_in_touch",
        "current_ACTIV": "clea_care_leaver_activity", "current_ACCOM": "clea_care_leaver_accommodation",
        "suitable": "clea_care_leaver_accom_suitable"}),
    "missing": ("ssd_missing", {
        "CHILD": "miss_person_id", "MISSING": "miss_missing_episode_type",
        "MIS_START": "miss_missing_episode_start_date", "MIS_END": "miss_missing_episode_end_date"}),
    "caseholding": ("ssd_involvements", {
        "worker_id": "invo_professional_id", "LAchildID": "invo_person_id",
        "start_date": "invo_involvement_start_date", "end_date": "invo_involvement_end_date"}),
}  # fmt: skip

#: Columns that earlier releases of the dataset named otherwise.
OLDER_NAMES = {
    "clae_cla_episode_ceased_date": "clae_cla_episode_ceased",
    "clae_cla_episode_start_date": "clae_cla_episode_start",
    "cont_contact_date": "cont_contact_start",
    "lega_legal_status_start_date": "lega_legal_status_start",
    "lega_legal_status_end_date": "lega_legal_status_end",
}

#: Why a care leaver of the dataset counts in no cohort.
TODAY = "the dataset holds a care leaver's status today, not the status at the birthday"
#: What the dataset cannot tell, by table: those it lacks, and those it has in part.
SSD_LIMITS: dict[str, str] = {
    "contacts": "outcomes are free text and are not read",
    "cp_plans": "previous plans are counted among those in the dataset, which holds six years",
    "care_leavers": TODAY,
    "ehcp": "the dataset holds the start of the current plan, not the issue of the first",
    "workers": "the dataset names professionals without the dates of their posts",
    "vacancies": "the dataset has no vacancies",
    "uasc": "the dataset holds immigration status in words, not the return's date it ceased",
    "population": "the dataset has no population estimates",
}
